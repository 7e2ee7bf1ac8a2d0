/// Tests of the interpreter, one semantic at a time. That it agrees with Open vSwitch is tested in
/// `testkit`.
@NullMarked
package io.heddle.core.trace;

import org.jspecify.annotations.NullMarked;

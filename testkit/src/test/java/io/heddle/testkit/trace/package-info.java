/// Holds the interpreter of `io.heddle.core.trace` to real Open vSwitch.
@NullMarked
package io.heddle.testkit.trace;

import org.jspecify.annotations.NullMarked;

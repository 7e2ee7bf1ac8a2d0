/// Random flow tables, and whether the interpreter and Open vSwitch read them alike.
@NullMarked
package io.heddle.testkit.trace;

import org.jspecify.annotations.NullMarked;

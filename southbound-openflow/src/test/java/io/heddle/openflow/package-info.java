/// What the module's tests share: a real Open vSwitch, and flows at random.
@NullMarked
package io.heddle.openflow;

import org.jspecify.annotations.NullMarked;

/// Tests of the codec, most of them against a real Open vSwitch.
@NullMarked
package io.heddle.openflow.codec;

import org.jspecify.annotations.NullMarked;

/// The laboratories tested on themselves: real switches, real packets, and nothing left behind.
@NullMarked
package io.heddle.testkit.lab;

import org.jspecify.annotations.NullMarked;

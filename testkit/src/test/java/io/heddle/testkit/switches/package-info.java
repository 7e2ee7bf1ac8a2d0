/// Tests of the simulated switches, against the real southbound.
@NullMarked
package io.heddle.testkit.switches;

import org.jspecify.annotations.NullMarked;

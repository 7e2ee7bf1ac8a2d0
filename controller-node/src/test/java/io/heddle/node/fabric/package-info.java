/// The fabric against switches that are simulated, or real Open vSwitch, without a store around it:
/// the tests decide the intent, report the hosts and say whose they are.
@NullMarked
package io.heddle.node.fabric;

import org.jspecify.annotations.NullMarked;

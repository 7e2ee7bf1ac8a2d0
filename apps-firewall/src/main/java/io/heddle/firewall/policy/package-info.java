/// What security rules mean, apart from how a switch is told: rules written in one way, port ranges
/// as masks, and whether a group lets everything out. Pure functions of values.
@NullMarked
package io.heddle.firewall.policy;

import org.jspecify.annotations.NullMarked;

/// What security groups have logged: what a switch hands up of a packet, and how it is read. Pure
/// functions of values; who listens, and what is kept, is the node's business.
///
/// Start at [io.heddle.firewall.log.PolicyLogging].
@NullMarked
package io.heddle.firewall.log;

import org.jspecify.annotations.NullMarked;

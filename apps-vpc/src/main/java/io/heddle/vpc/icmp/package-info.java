/// What a subnet's gateway tells who sent a packet that it could not route: ICMP and ICMPv6 errors
/// (RFC 792, RFC 4443).
///
/// The pipeline finds the reason and punts the packet, so many a second for each port; a
/// [io.heddle.vpc.icmp.RoutingErrors] makes the error of it, from the frame and the intent alone.
/// The error goes to the port that sent the packet and to nobody else. Pure; frames come from VMs
/// and may be garbage. Start with [io.heddle.vpc.icmp.Unroutable], the reasons.
@NullMarked
package io.heddle.vpc.icmp;

import org.jspecify.annotations.NullMarked;

/// DHCP for IPv6 (RFC 8415), answered from the intent.
///
/// There is no lease database, as there is none for IPv4: a port's addresses are the intent's, and
/// whichever node is asked gives the same answer. [io.heddle.vpc.dhcpv6.Dhcpv6Server] decides,
/// [io.heddle.vpc.dhcpv6.Dhcpv6Message] reads what a machine sent, and
/// [io.heddle.vpc.dhcpv6.Dhcpv6Options] writes what it is told.
///
/// Pure: an image and a frame in, frames out.
@NullMarked
package io.heddle.vpc.dhcpv6;

import org.jspecify.annotations.NullMarked;

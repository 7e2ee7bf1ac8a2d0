/// DHCP for IPv4 (RFC 2131, RFC 2132), answered from the intent.
///
/// There is no lease database: a port's address is the intent's, and a lease only says so.
/// Whichever node a question reaches gives the same answer, and a controller's failover forgets
/// nothing. [io.heddle.vpc.dhcp.DhcpServer] decides, [io.heddle.vpc.dhcp.DhcpRequest] reads what a
/// VM sent (anything may come: garbage is no request), and [io.heddle.vpc.dhcp.DhcpReply] writes
/// the answer as a frame.
///
/// Pure: an image and a frame in, frames out.
@NullMarked
package io.heddle.vpc.dhcp;

import org.jspecify.annotations.NullMarked;

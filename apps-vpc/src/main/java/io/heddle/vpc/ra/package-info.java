/// Router advertisements (RFC 4861 §6.2), made from the intent.
///
/// [io.heddle.vpc.ra.RouterAdvertisement] says to one port what its gateway is and how the machine
/// comes by its addresses; [io.heddle.vpc.ra.RouterSolicitations] says it to machines that ask. A
/// subnet's ports are told one by one, since not all may make their own addresses, and no machine's
/// advertisement reaches another's.
///
/// Pure: an image in, frames out.
@NullMarked
package io.heddle.vpc.ra;

import org.jspecify.annotations.NullMarked;

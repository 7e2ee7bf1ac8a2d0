/// Packets as bytes: what handlers of punted packets read and write.
///
/// [io.heddle.vpc.frame.Asker] says whose question a punted packet is;
/// [io.heddle.vpc.frame.Ipv6Datagram] takes one apart and [io.heddle.vpc.frame.Ipv6Frame] builds an
/// answer, checksums and all. Nothing here throws on what a machine may send.
///
/// Pure.
@NullMarked
package io.heddle.vpc.frame;

import org.jspecify.annotations.NullMarked;

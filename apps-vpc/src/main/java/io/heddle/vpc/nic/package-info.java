/// Interfaces that move: virtual addresses from one port to another, and ports from one host to
/// another.
///
/// Both are noticed by what a machine sends, which its host's switch hands up:
/// [io.heddle.vpc.nic.AddressClaims] hears announcements of virtual addresses,
/// [io.heddle.vpc.nic.Arrivals] the first packets of a machine that was moved. What they learn is
/// decided and stored like any other wish.
///
/// Pure: an image and a frame in, a command out.
@NullMarked
package io.heddle.vpc.nic;

import org.jspecify.annotations.NullMarked;

/// What the API needs of the node that it runs in.
///
/// [io.heddle.rest.spi.Backend] is the whole of it. [io.heddle.rest.spi.Controller]: commands go
/// in, the image and what the switches have of it come out. [io.heddle.rest.spi.Leader]: the way to
/// the node that decides. [io.heddle.rest.spi.Cluster]: the nodes. [io.heddle.rest.spi.Audits]:
/// what switches really hold. The node implements them over its store, its switch sessions and its
/// peers; the values are records, so that they can travel between nodes.
@NullMarked
package io.heddle.rest.spi;

import org.jspecify.annotations.NullMarked;

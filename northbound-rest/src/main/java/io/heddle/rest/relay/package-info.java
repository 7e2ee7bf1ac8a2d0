/// A request that changes something, carried out by the node that leads, wherever it came in.
///
/// [io.heddle.rest.relay.Relaying] is the side of the node that was asked: it decides where it
/// leads, hands the whole request on where it does not, asks again while a leader is being elected,
/// and answers only when its own image has what was committed, so that a client reads what it
/// wrote. [io.heddle.rest.relay.RelayDesk] is the leader's side: the same handler for the same
/// caller. What travels is our own JSON, read strictly: [io.heddle.rest.relay.RelayedRequest] and
/// [io.heddle.rest.relay.RelayedReply].
///
/// The caller was authenticated where the request came in, and the other node believes it: nodes
/// know each other by the cluster's certificates. The leader holds the request against its own
/// contract again, for it may be of another version.
///
/// Virtual threads, which may wait; no state but a count.
@NullMarked
package io.heddle.rest.relay;

import org.jspecify.annotations.NullMarked;

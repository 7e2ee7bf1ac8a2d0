/// The OVSDB management protocol (RFC 7047, and the extensions of `ovsdb-server(7)`) on Netty and
/// Jackson.
///
/// A session is one TCP or TLS connection to one `ovsdb-server`: hosts dial us ([OvsdbListener],
/// after `ovs-vsctl set-manager tcp:CONTROLLER:6640`) or we dial them ([OvsdbDialer]). Either way
/// the same pipeline follows: frames of JSON, [Message], [RpcSession] (ids, deadlines, echo),
/// [OvsdbClient] (typed calls).
///
/// Threads: everything of a session happens on its channel's event loop, and nothing there blocks.
/// Values ([Value], [Row], [Operation], [TableUpdates]) are immutable.
///
/// Invariants: what a peer can make us hold is bounded by [Limits]; whatever a peer sends, at worst
/// its own connection is closed, with one log line.
///
/// Start with [OvsdbClient], then [RpcSession].
@NullMarked
package io.heddle.ovsdb.rpc;

import org.jspecify.annotations.NullMarked;

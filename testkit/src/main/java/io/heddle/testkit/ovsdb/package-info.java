/// A host's OVSDB side without Open vSwitch: an in-memory database that onboards like a real host.
///
/// For tests with more hosts than processes are good for. [SimulatedOvsdb] dials the managers that
/// its own rows name as `ovsdb-server` does, answers schema, monitor, transactions and echoes from
/// [MemoryDatabase], tells every manager what any of them changed, and does what `ovs-vswitchd`
/// would do to the rows. It speaks the first monitor of RFC 7047 only, so it also covers the
/// controller's way back to it. All state belongs to the host's event loop.
///
/// Start with [SimulatedOvsdb].
@NullMarked
package io.heddle.testkit.ovsdb;

import org.jspecify.annotations.NullMarked;

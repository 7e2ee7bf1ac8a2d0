/// A host's OVSDB side without Open vSwitch: an in-memory database that onboards like a real host.
///
/// For tests with more hosts than processes are good for. [SimulatedOvsdb] dials a controller's
/// port 6640 as `ovsdb-server` does, answers schema, monitor, transactions and echoes from
/// [MemoryDatabase], and does what `ovs-vswitchd` would do to the rows. It speaks the first monitor
/// of RFC 7047 only, so it also covers the controller's way back to it. All state belongs to the
/// connection's event loop.
///
/// Start with [SimulatedOvsdb].
@NullMarked
package io.heddle.testkit.ovsdb;

import org.jspecify.annotations.NullMarked;

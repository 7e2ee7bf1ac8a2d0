/// An interpreter of the switch program: what Open vSwitch would do with a packet, worked out on
/// flow values.
///
/// [io.heddle.core.trace.Tracer] walks a [io.heddle.core.trace.Packet] through
/// [io.heddle.core.trace.FlowTables] and gives a [io.heddle.core.trace.Trace]: which flow matched
/// in which table, what it did, and where the packet ended. [io.heddle.core.trace.Conntrack]
/// remembers connections between packets, as a host's datapath does. The same record answers an
/// operator's `trace` and judges compiled flows in tests; tests hold it to Open vSwitch's own
/// `ofproto/trace`.
///
/// Of fragments, two are modelled: the first and one that comes after it.
///
/// Not modelled: VLANs, groups, meters' rates (a meter lets everything pass), NAT, timeouts, the
/// end of a TCP connection and its sequence numbers, learning, reserved ports other than `IN_PORT`,
/// `LOCAL` and `CONTROLLER`. What is not modelled fails a trace by name where it would change the
/// result.
///
/// Pure values, except `Conntrack`, which belongs to whoever traces.
@NullMarked
package io.heddle.core.trace;

import org.jspecify.annotations.NullMarked;

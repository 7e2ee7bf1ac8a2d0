/// OpenFlow 1.4 on the wire: bytes to values and back.
///
/// [io.heddle.openflow.codec.MessageDecoder] reads every frame that a switch sends and never
/// throws: what it cannot read is a [io.heddle.openflow.codec.Message.Malformed].
/// [io.heddle.openflow.codec.FlowModEncoder] writes flow-mods straight into a buffer,
/// [io.heddle.openflow.codec.Encoded] is a run of them encoded once, for every switch that gets
/// them. Flow statistics come back as [io.heddle.openflow.codec.FlowStat]; their match and actions
/// are decoded on demand, into the values of `core.flow` where all of them are ours.
///
/// OpenFlowJ writes and reads the ordinary messages ([io.heddle.openflow.codec.Ordinary]). It knows
/// little of Open vSwitch's extensions and throws on an unknown field, so flow-mods, flow
/// statistics, packet-ins, packet-outs and errors are ours.
///
/// Pure functions of their arguments, but for the counter in [io.heddle.openflow.codec.Xids]. Any
/// thread.
@NullMarked
package io.heddle.openflow.codec;

import org.jspecify.annotations.NullMarked;

package io.heddle.openflow.codec;

import java.util.List;

/// A packet that a flow sent to the controller.
///
/// @param table where the flow stands
/// @param cookie the flow's
/// @param inPort OpenFlow port that the packet came in by
/// @param metadata the pipeline's `metadata` field, 0 where unset
/// @param reason OpenFlow's (1.4 §7.4.1): 0 no match, 1 a flow's action, 2 invalid TTL
/// @param userdata of the `controller` action
/// @param fullLength of the packet; `packet` may be its beginning only
public record PacketIn(
    int table,
    long cookie,
    int inPort,
    long metadata,
    int reason,
    List<Byte> userdata,
    int fullLength,
    Bytes packet) {}

package io.heddle.core.punt;

import io.heddle.core.model.HostId;

/// A packet that a switch handed to the controller.
///
/// @param ofport where it entered the switch
/// @param frame from the Ethernet header on; not to be written to
@SuppressWarnings("ArrayRecordComponent") // a frame is bytes; nobody compares frames
public record Punt(HostId host, int ofport, byte[] frame) {}

package io.heddle.core.punt;

/// A frame to be sent out of one port of the switch that asked.
@SuppressWarnings("ArrayRecordComponent") // a frame is bytes; nobody compares frames
public record Answer(int ofport, byte[] frame) {}

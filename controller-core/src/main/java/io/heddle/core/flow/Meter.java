package io.heddle.core.flow;

/// A limit on packets a second; what exceeds it is dropped.
public record Meter(int id, int packetsPerSecond, int burst) {}

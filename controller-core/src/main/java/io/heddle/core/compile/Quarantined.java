package io.heddle.core.compile;

/// A unit whose flows are left out, all or in part, because they can't be right: its rule failed,
/// or another unit already owns a match. Left out means closed: nothing is allowed that would not
/// be without it.
public record Quarantined(UnitId unit, String reason) {}

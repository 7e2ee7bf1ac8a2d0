package io.heddle.core.cluster;

/// How a node reaches a host, from worse to better.
public enum Reach {
  NOTHING,
  /// Its database: enough to take a new host on board.
  DATABASE,
  /// Its switch, but not its database.
  SWITCH,
  BOTH
}

package io.heddle.ovsdb.host;

/// What this node makes of its connection to a host's database.
///
/// OVSDB knows no roles: every node reads, and the host's bridge carries the epoch of the one that
/// writes (`external_ids:heddle-epoch`), on which every transaction of ours waits.
public sealed interface HostClaim {

  /// The host is this node's to write to: its settings are made ours, and kept so.
  record Rule(long epoch) implements HostClaim {}

  /// Another node writes to the host, or nothing may be decided: it is read, and reported.
  record ReadOnly() implements HostClaim {}
}

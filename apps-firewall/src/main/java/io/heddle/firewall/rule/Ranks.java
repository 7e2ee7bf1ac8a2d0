package io.heddle.firewall.rule;

import io.heddle.core.pipeline.Priority;

/// Priorities within the firewall's tables, between those that all share.
final class Ranks {

  /// Above every rule: invalid packets, and those that are judged elsewhere.
  static final int GUARD = Priority.GUARD;

  /// A policy's flows for packets that are held against a connection.
  static final int CONNECTION = Priority.SPECIFIC;

  /// A vouched-for reply that this host knows nothing of is nobody's first packet.
  static final int STRAY_REPLY = 160;

  /// A reply that no flow of [#CONNECTION] took on: it must not meet the rules of its own
  /// direction.
  static final int REPLY_GUARD = 150;

  /// The connection is remembered already as this packet would have it.
  static final int REMEMBERED = 150;

  /// A policy's flow for packets that open a connection or carry it on.
  static final int ORIGINAL = Priority.NORMAL;

  /// What nothing admitted.
  static final int REFUSED = Priority.FALLBACK;

  private Ranks() {}
}

package io.heddle.firewall.rule;

import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.pipeline.Priority;

/// Priorities within the firewall's tables, between those that all share.
final class Ranks {

  /// Above every rule: invalid packets, and those that are judged elsewhere.
  static final int GUARD = Priority.GUARD;

  /// A policy's flows for replies.
  static final int CONNECTION = Priority.SPECIFIC;

  /// Parts of packets: above the flows that need not look at them again.
  static final int FRAGMENT = 250;

  /// In a group's table: what no rule can judge, for whom no rule has.
  static final int LATER_FRAGMENT = Priority.FALLBACK;

  /// What is tracked nowhere: above the policies' flows.
  static final int STATELESS = 210;

  /// Above [#GUARD]: what this host finds invalid because the other end's host remembers it.
  static final int JUDGED_THERE = 310;

  /// A vouched-for reply that this host knows nothing of is nobody's first packet.
  static final int STRAY_REPLY = 160;

  /// A reply that no flow of [#CONNECTION] took on: it must not meet the rules of its own
  /// direction.
  static final int REPLY_GUARD = 150;

  /// A policy's flow for packets that open a connection or carry it on.
  static final int ORIGINAL = Priority.NORMAL;

  /// In a group's table: another group of the identity has admitted the packet.
  static final int ADMITTED = 30_000;

  /// In a group's table: the broadest of the flows that decide by themselves.
  private static final int BROADEST = 20_000;

  /// In a group's table: which remote groups the peer is in, for whom no rule with an address has
  /// admitted.
  static final int MEMBER = Priority.NORMAL;

  /// Lengths of prefixes of both families, and of none.
  private static final int PREFIX_LENGTHS = 130;

  /// Of any address of any family.
  static final int ANYWHERE = -1;

  private Ranks() {}

  /// First by how many bits of protocol, ports or type the service fixes, then by the prefix of the
  /// remote: two different flows of one rank fix the same bits to different values.
  ///
  /// @param prefixLength or [#ANYWHERE]
  static int deciding(Match service, int prefixLength) {
    int fixed = 0;
    for (Match.Term term : service.terms()) {
      fixed += term.header() == Header.ETH_TYPE ? 0 : Long.bitCount(term.mask());
    }
    return BROADEST - fixed * PREFIX_LENGTHS - prefixLength + ANYWHERE;
  }
}

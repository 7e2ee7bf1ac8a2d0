package io.heddle.firewall.rule;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Service;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// One way to read the rules of a group off a packet: where in the packet, or in what is remembered
/// of its connection, the rule's remote and service stand.
///
/// @param address where the remote's address stands
/// @param identity where the remote's identity stands
/// @param ofConnection the rule is held against the connection's first packet and not against this
///   one
record Reading(Stage stage, Header address, Field identity, boolean ofConnection) {

  /// Ingress rules, against a packet that opens or carries on a connection to a member.
  static final Reading INGRESS =
      new Reading(Stage.RULES_IN, Header.IPV4_SRC, Registers.SOURCE_IDENTITY, false);

  /// Ingress rules, against what a member sends back: the other end opened the connection, and the
  /// entry remembers by which identity.
  static final Reading INGRESS_REPLIES =
      new Reading(Stage.REPLIES_OUT, Header.CT_NW_SRC, Field.of(Header.CT_MARK), true);

  /// Egress rules, against a packet by which a member opens or carries on a connection.
  static final Reading EGRESS =
      new Reading(Stage.RULES_OUT, Header.IPV4_DST, Registers.TARGET_IDENTITY, false);

  /// Egress rules, against what comes back to a member.
  static final Reading EGRESS_REPLIES =
      new Reading(Stage.REPLIES_IN, Header.CT_NW_DST, Tracking.RESPONDER, true);

  private static final Match TRACKED =
      Match.ctState(List.of(CtState.TRACKED), List.of(CtState.INVALID));

  /// What every flow of a group matches here. Matching the group first keeps the flows of one group
  /// from being looked at, and from costing megaflows, while another's are meant; and it keeps the
  /// conjunctions of different groups apart.
  Match ofGroup(int tag) {
    Match group = Match.IPV4.and(Registers.GROUP.is(Integer.toUnsignedLong(tag)));
    return ofConnection ? group.and(TRACKED) : group;
  }

  List<Match> services(Service service) {
    return ofConnection ? ServiceClauses.ofConnection(service) : ServiceClauses.ofPacket(service);
  }

  Match remote(Ipv4Prefix prefix) {
    return Match.prefix(address, prefix);
  }

  Match remote(int identityNumber) {
    return identity.is(identityNumber);
  }
}

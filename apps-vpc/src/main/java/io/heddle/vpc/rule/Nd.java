package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.move;
import static io.heddle.core.flow.Actions.set;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// Neighbor discovery (RFC 4861) as the switch itself speaks it. It makes the answer of the
/// question in place: the asker's link-layer address becomes the target's.
final class Nd {

  static final int ROUTER_SOLICITATION = 133;
  static final int SOLICITATION = 135;
  static final int ADVERTISEMENT = 136;

  /// No router between the two has had the packet in its hands.
  private static final int OWN_LINK = 255;

  private static final int TARGET_LINK_ADDRESS = 2;
  private static final long SOLICITED_OVERRIDE = 0x6000_0000L;
  private static final long ROUTER = 0x8000_0000L;
  private static final MacAddress ALL_NODES = MacAddress.parse("33:33:00:00:00:01");

  /// The flag that says that the advertisement answers a solicitation.
  private static final Field SOLICITED = new Field(Header.ND_RESERVED, 30, 30);

  private Nd() {}

  static Match message(int type) {
    return Match.allOf(
        Match.ipv6Protocol(Match.ICMPV6),
        Match.of(Header.ICMPV6_TYPE, type),
        Match.of(Header.ICMPV6_CODE, 0));
  }

  static Match solicitationFor(Ipv6Address address) {
    return Match.allOf(
        message(SOLICITATION),
        Match.of(Header.IP_TTL, OWN_LINK),
        Match.address(Header.ND_TARGET_HIGH, address));
  }

  /// Turns the solicitation into an advertisement, all but its last step: that writes a field which
  /// Open vSwitch takes only from a flow that matches advertisements.
  static List<Action> answer(Ipv6Address address, MacAddress mac, boolean isRouter) {
    return Actions.concat(
        List.of(move(Header.ETH_SRC, Header.ETH_DST), set(Header.ETH_SRC, mac)),
        Actions.moveAddress(Header.IPV6_SRC_HIGH, Header.IPV6_DST_HIGH),
        set(Header.IPV6_SRC_HIGH, address),
        List.of(
            set(Field.of(Header.ND_OPTIONS_TYPE), TARGET_LINK_ADDRESS),
            set(
                Field.of(Header.ND_RESERVED),
                isRouter ? SOLICITED_OVERRIDE | ROUTER : SOLICITED_OVERRIDE),
            set(Field.of(Header.ICMPV6_TYPE), ADVERTISEMENT),
            Stage.ND_ANSWER.goTo()));
  }

  /// The last step of every answer.
  static List<Action> send() {
    return List.of(move(Header.ETH_SRC, Header.ND_TLL), new Action.InPort());
  }

  /// The same to somebody who has no address yet and asks whether one is taken: all nodes are told
  /// (RFC 4861, §7.2.4).
  static List<Action> sendToAll() {
    return Actions.concat(
        List.of(set(Header.ETH_DST, ALL_NODES), set(SOLICITED, 0)),
        set(Header.IPV6_DST_HIGH, Ipv6Address.ALL_NODES),
        send());
  }
}

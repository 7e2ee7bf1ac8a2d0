package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.move;
import static io.heddle.core.flow.Actions.set;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import java.util.List;

/// ARP for IPv4 over Ethernet (RFC 826), as the switch itself speaks it.
final class Arp {

  private static final int REQUEST = 1;
  private static final int REPLY = 2;

  private Arp() {}

  static Match requestFor(Ipv4Address address) {
    return Match.allOf(
        Match.ARP, Match.of(Header.ARP_OP, REQUEST), Match.address(Header.ARP_TPA, address));
  }

  /// Turns the request into its answer and sends it back where it came from.
  static List<Action> answer(Ipv4Address address, MacAddress mac) {
    return Actions.list(
        move(Header.ETH_SRC, Header.ETH_DST),
        set(Header.ETH_SRC, mac),
        set(Field.of(Header.ARP_OP), REPLY),
        move(Header.ARP_SHA, Header.ARP_THA),
        set(Header.ARP_SHA, mac),
        move(Header.ARP_SPA, Header.ARP_TPA),
        set(Header.ARP_SPA, address),
        new Action.InPort());
  }
}

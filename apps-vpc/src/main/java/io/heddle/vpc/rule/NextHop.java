package io.heddle.vpc.rule;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.pipeline.Registers;
import java.util.List;

/// The next hop of a routed IPv6 packet: its address, in four registers.
final class NextHop {

  private static final long WORD = 0xffff_ffffL;

  private NextHop() {}

  /// The packet's target is its own next hop.
  static List<Action> isIpv6Target() {
    return List.of(
        Actions.move(new Field(Header.IPV6_DST_HIGH, 32, 63), Registers.NEXT_HOP),
        Actions.move(new Field(Header.IPV6_DST_HIGH, 0, 31), Registers.NEXT_HOP_2),
        Actions.move(new Field(Header.IPV6_DST_LOW, 32, 63), Registers.NEXT_HOP_3),
        Actions.move(new Field(Header.IPV6_DST_LOW, 0, 31), Registers.NEXT_HOP_4));
  }

  static Match is(Ipv6Address address) {
    return Match.allOf(
        Match.IPV6,
        Registers.NEXT_HOP.is(address.high() >>> 32),
        Registers.NEXT_HOP_2.is(address.high() & WORD),
        Registers.NEXT_HOP_3.is(address.low() >>> 32),
        Registers.NEXT_HOP_4.is(address.low() & WORD));
  }
}

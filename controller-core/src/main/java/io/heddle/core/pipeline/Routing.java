package io.heddle.core.pipeline;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.RouteTable;
import java.util.List;

/// How routes stand in `route_entries`, so that every app which has targets for them makes its own
/// there: the same match and the same priority for a destination, whatever its target.
///
/// In that table the packet is one to the gateway, with a hop to live, and [Registers#GROUP] holds
/// the tag of its subnet's route table, or 0 where the VPC has none. Who sends it on begins with
/// [#HOP].
public final class Routing {

  /// Leaves the table behind: one hop less to live, from the gateway, by routing.
  public static final List<Action> HOP =
      List.of(
          Actions.set(Registers.GROUP, 0),
          new Action.DecTtl(),
          Actions.set(Header.ETH_SRC, Overlay.GATEWAY_MAC),
          Actions.set(Registers.ROUTED, 1));

  private Routing() {}

  /// The packets of a table's subnets to a destination.
  public static Match route(RouteTable table, IpPrefix destination) {
    return Registers.GROUP.is(Integer.toUnsignedLong(table.tag())).and(to(destination));
  }

  /// The packets to a destination.
  public static Match to(IpPrefix destination) {
    return switch (destination) {
      case Ipv4Prefix v4 -> Match.IPV4.and(Match.prefix(Header.IPV4_DST, v4));
      case Ipv6Prefix v6 -> Match.IPV6.and(Match.prefix(Header.IPV6_DST_HIGH, v6));
    };
  }

  /// A longer prefix outranks a shorter one.
  public static int priority(IpPrefix destination) {
    return Priority.prefix(destination.length());
  }

  /// What is local to the VPC outranks a route of a table to the very same prefix: a CIDR may come
  /// to a VPC whose tables have a route to it.
  public static int localPriority(IpPrefix destination) {
    return priority(destination) + 1;
  }
}

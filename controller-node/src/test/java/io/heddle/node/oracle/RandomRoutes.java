package io.heddle.node.oracle;

import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.PortId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.Vpc;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.List;

/// Routes of a random VPC: to everywhere, to parts of its own addresses, and to what is outside.
final class RandomRoutes {

  private static final List<String> OUTSIDE =
      List.of("0.0.0.0/0", "::/0", "203.0.113.0/24", "2001:db8::/32");
  private static final List<String> INSIDE =
      List.of(
          "10.0.1.0/24",
          "10.0.2.0/25",
          "10.0.2.2/31",
          "10.0.3.0/28",
          "fd00:1:0:1::/64",
          "fd00:1:0:2::/63");

  private RandomRoutes() {}

  /// What a VPC's routes may lead to.
  record Around(List<PortId> ports, List<PeeringId> peerings) {}

  /// What is a peer's, where there are peers, or a peer's peer's.
  private static final List<String> PEERS =
      List.of(
          "10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "fd00:1::/48", "fd00:2::/48", "fd00:3::/48");

  /// @param vpc whose table it is
  static List<RouteTable.Route> of(Seeded seeded, Vpc vpc, Around around) {
    List<RouteTable.Route> routes = new ArrayList<>();
    List<PortId> ports = around.ports();
    if (!around.peerings().isEmpty()) {
      for (String destination : PEERS) {
        IpPrefix prefix = IpPrefix.parse(destination);
        boolean own = vpc.cidrs().contains(prefix) || vpc.ipv6Cidrs().contains(prefix);
        if (!own && seeded.percent(80)) {
          routes.add(
              new RouteTable.Route(prefix, new RouteTarget.ToPeer(seeded.pick(around.peerings()))));
        }
      }
    }
    for (String destination : seeded.subset(OUTSIDE, 0, 3)) {
      routes.add(new RouteTable.Route(IpPrefix.parse(destination), target(seeded, ports, false)));
    }
    for (String destination :
        seeded.percent(50) ? seeded.subset(INSIDE, 0, 2) : List.<String>of()) {
      routes.add(
          new RouteTable.Route(
              IpPrefix.parse(destination), target(seeded, ports, isOfBlock0(vpc))));
    }
    return routes;
  }

  private static boolean isOfBlock0(Vpc vpc) {
    return vpc.cidrs().contains(IpPrefix.parse("10.0.0.0/16"));
  }

  private static RouteTarget target(Seeded seeded, List<PortId> ports, boolean inside) {
    if (inside && seeded.percent(30)) {
      return new RouteTarget.Local();
    }
    return seeded.percent(75)
        ? new RouteTarget.ToPort(seeded.pick(ports))
        : new RouteTarget.Blackhole();
  }
}

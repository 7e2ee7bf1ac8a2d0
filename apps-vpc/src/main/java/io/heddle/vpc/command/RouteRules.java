package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What must hold of the routes of a table, whoever changes them.
///
/// Here is said when a route may beat what is local: one to a part of a CIDR of the VPC may, if it
/// leads to a port of the VPC, to nowhere, or back to what is local; it never leads out of the VPC.
/// A CIDR as a whole is always local.
final class RouteRules {

  /// Each change of a route looks at the routes of its table, so their number is bounded.
  static final int MAX_ROUTES = 200;

  /// Subnets share tables, so a VPC needs few.
  static final int MAX_PER_VPC = 200;

  /// What routers never forward: "this" network, loopback, link-local, multicast and reserved (RFC
  /// 6890, RFC 4291).
  private static final List<IpPrefix> UNROUTABLE =
      List.of(
          Ipv4Prefix.parse("127.0.0.0/8"),
          Ipv4Prefix.parse("169.254.0.0/16"),
          Ipv4Prefix.parse("224.0.0.0/4"),
          Ipv4Prefix.parse("240.0.0.0/4"),
          Ipv6Prefix.parse("::/127"),
          Ipv6Prefix.parse("fe80::/10"),
          Ipv6Prefix.parse("ff00::/8"));

  private RouteRules() {}

  /// What the table had before stays, also where the peering is gone in the meantime.
  ///
  /// @return the routes, if the VPC's table may have them
  static List<RouteTable.Route> checked(
      Draft draft, Vpc vpc, List<RouteTable.Route> before, List<RouteTable.Route> routes) {
    if (routes.size() > MAX_ROUTES) {
      throw invalid(
          "routes",
          "%d routes; a route table has at most %d: name wider prefixes"
              .formatted(routes.size(), MAX_ROUTES));
    }
    Map<IpPrefix, Integer> seen = new HashMap<>();
    for (int i = 0; i < routes.size(); i++) {
      String at = "routes[%d].".formatted(i);
      IpPrefix destination = routes.get(i).destination();
      Integer other = seen.putIfAbsent(destination, i);
      if (other != null) {
        throw invalid(
            at + "destination",
            "routes[%d] is to %s too; a destination has one route".formatted(other, destination));
      }
      if (!before.contains(routes.get(i))) {
        checkRoutable(destination, at);
        checkTarget(draft, vpc, routes.get(i), at);
      }
    }
    return routes;
  }

  private static void checkRoutable(IpPrefix destination, String at) {
    for (IpPrefix unroutable : UNROUTABLE) {
      if (isWithin(destination, unroutable)) {
        throw invalid(
            at + "destination",
            "%s lies in %s, which is never routed; name unicast addresses, like 0.0.0.0/0"
                .formatted(destination, unroutable));
      }
    }
  }

  private static void checkTarget(Draft draft, Vpc vpc, RouteTable.Route route, String at) {
    switch (route.target()) {
      case RouteTarget.Local() -> {
        if (!isLocal(vpc, route.destination())) {
          throw invalid(
              at + "destination",
              "%s is not in VPC %s, which has %s; what is local is one of these or a part"
                  .formatted(route.destination(), vpc.id(), cidrs(vpc)));
        }
      }
      case RouteTarget.ToPort(PortId id) -> {
        checkNotWhole(vpc, route.destination(), at);
        Port port = Checks.owned(draft, id, vpc.meta().project(), at + "target.id");
        if (!port.vpc().equals(vpc.id())) {
          throw invalid(
              at + "target.id",
              "port %s is in VPC %s; name one of VPC %s".formatted(id, port.vpc(), vpc.id()));
        }
      }
      case RouteTarget.ToPeer(PeeringId id) -> {
        checkNotLocal(vpc, route.destination(), at);
        Optional<Peering> peering =
            draft.find(id).filter(known -> known.projects().contains(vpc.meta().project()));
        if (peering.isEmpty()) {
          throw invalid(at + "target.id", "there is no peering " + id);
        }
        if (peering.get().beyond(vpc.id()).isEmpty()) {
          throw invalid(
              at + "target.id",
              "peering %s is not one of VPC %s; name one of its own".formatted(id, vpc.id()));
        }
      }
      case RouteTarget.Blackhole() -> checkNotWhole(vpc, route.destination(), at);
      case RouteTarget.NatGateway _ -> throw notServed("natGateway", at);
      case RouteTarget.Internet() -> throw notServed("internet", at);
    }
  }

  private static Refused notServed(String type, String at) {
    return invalid(
        at + "target.type",
        "this controller serves no %s targets; choose local, port, peering or blackhole"
            .formatted(type));
  }

  private static void checkNotWhole(Vpc vpc, IpPrefix destination, String at) {
    if (vpc.cidrs().contains(destination) || vpc.ipv6Cidrs().contains(destination)) {
      throw invalid(
          at + "destination",
          "%s is VPC %s itself and always local; a route may take a part of it elsewhere"
              .formatted(destination, vpc.id()));
    }
  }

  private static void checkNotLocal(Vpc vpc, IpPrefix destination, String at) {
    if (isLocal(vpc, destination)) {
      throw invalid(
          at + "destination",
          "%s is a part of VPC %s, and no route leads out of it from there; name addresses of the peer"
              .formatted(destination, vpc.id()));
    }
  }

  private static boolean isLocal(Vpc vpc, IpPrefix destination) {
    return vpc.cidrs().stream().anyMatch(cidr -> isWithin(destination, cidr))
        || vpc.ipv6Cidrs().stream().anyMatch(cidr -> isWithin(destination, cidr));
  }

  private static String cidrs(Vpc vpc) {
    return vpc.ipv6Cidrs().isEmpty()
        ? vpc.cidrs().toString()
        : vpc.cidrs() + " and " + vpc.ipv6Cidrs();
  }

  static boolean isWithin(IpPrefix inner, IpPrefix outer) {
    return switch (outer) {
      case Ipv4Prefix v4 -> inner instanceof Ipv4Prefix other && v4.contains(other);
      case Ipv6Prefix v6 -> inner instanceof Ipv6Prefix other && v6.contains(other);
    };
  }

  private static Refused invalid(String field, String detail) {
    return new Refused(Problem.invalid(field, detail));
  }
}

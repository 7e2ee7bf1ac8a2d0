package io.heddle.core.model;

import java.util.List;

/// Where a gateway sends what it is given: of the routes that contain the destination, the one with
/// the longest prefix.
///
/// The VPC's own CIDRs are local in every table without being listed. A route to a part of one of
/// them has the longer prefix and wins, which is how a machine is put between subnets; it can't be
/// a route out of the VPC. Inside a subnet nothing is routed.
///
/// @param main for the subnets of the VPC that have no other
/// @param routes each destination at most once
/// @param tag 32 bits, cluster-wide: what a register carries while routes are looked up
public record RouteTable(
    RouteTableId id, Meta meta, VpcId vpc, boolean main, List<Route> routes, int tag)
    implements Resource {

  public static final Index<RouteTable, VpcId> BY_VPC =
      new Index<>("route table by vpc", table -> List.of(table.vpc()));
  public static final Index<RouteTable, ProjectId> BY_PROJECT =
      new Index<>("route table by project", table -> List.of(table.meta().project()));

  /// The tables that have routes to a port.
  public static final Index<RouteTable, PortId> BY_PORT =
      new Index<>("route table by port", RouteTable::ports);

  /// The tables that have routes over a peering, of either side.
  public static final Index<RouteTable, PeeringId> BY_PEERING =
      new Index<>("route table by peering", RouteTable::peerings);

  public static final Kind<RouteTable> KIND =
      new Kind<>(
          "route-table",
          RouteTable.class,
          1,
          RouteTableId::parse,
          List.of(BY_VPC, BY_PROJECT, BY_PORT, BY_PEERING));

  public RouteTable {
    routes = List.copyOf(routes);
  }

  @Override
  public RouteTableId key() {
    return id;
  }

  private List<PortId> ports() {
    return routes.stream()
        .map(Route::target)
        .filter(RouteTarget.ToPort.class::isInstance)
        .map(target -> ((RouteTarget.ToPort) target).port())
        .distinct()
        .toList();
  }

  private List<PeeringId> peerings() {
    return routes.stream()
        .map(Route::target)
        .filter(RouteTarget.ToPeer.class::isInstance)
        .map(target -> ((RouteTarget.ToPeer) target).peering())
        .distinct()
        .toList();
  }

  /// One line.
  public record Route(IpPrefix destination, RouteTarget target) {}
}

package io.heddle.node.oracle;

import io.heddle.core.model.IpAddress;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.Port;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.SubnetRouting;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Rows;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What the intent says of where a gateway sends a packet.
record Routing(Rows rows) {

  /// The target of the longest prefix; of two that are equally long, what is local.
  Optional<RouteTarget> target(Port source, IpAddress destination) {
    Comparator<RouteTable.Route> better =
        Comparator.<RouteTable.Route>comparingInt(route -> route.destination().length())
            .thenComparing(route -> route.target() instanceof RouteTarget.Local);
    Vpc vpc = rows.require(source.vpc());
    Stream<IpPrefix> own = Stream.concat(vpc.cidrs().stream(), vpc.ipv6Cidrs().stream());
    return Stream.concat(
            own.map(cidr -> new RouteTable.Route(cidr, new RouteTarget.Local())),
            table(source).stream().flatMap(table -> table.routes().stream()))
        .filter(route -> route.destination().contains(destination))
        .max(better)
        .map(RouteTable.Route::target);
  }

  /// Nothing fits, or what fits is a peering that is not active.
  boolean leadsNowhere(Port source, Optional<RouteTarget> route) {
    return route.isEmpty()
        || (route.get() instanceof RouteTarget.ToPeer(var peering)
            && peer(source, peering).isEmpty());
  }

  /// The VPC at the other end, if both sides want that.
  Optional<VpcId> peer(Port source, PeeringId peering) {
    return rows.find(peering)
        .filter(Peering::isActive)
        .flatMap(found -> found.beyond(source.vpc()));
  }

  private Optional<RouteTable> table(Port source) {
    RouteTableId id =
        rows.find(new SubnetRouting.Id(source.subnet()))
            .map(SubnetRouting::table)
            .orElse(RouteTableId.mainOf(source.vpc()));
    return rows.find(id);
  }
}

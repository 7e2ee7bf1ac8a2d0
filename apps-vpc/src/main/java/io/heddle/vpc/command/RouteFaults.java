package io.heddle.vpc.command;

import io.heddle.core.model.Binding;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.PortId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.store.Rows;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which routes of a table lead nowhere at present, and why: what they are for is dropped.
public final class RouteFaults {

  private RouteFaults() {}

  /// A sentence for each such route, in the order of the table.
  public static List<String> of(RouteTable table, Rows rows) {
    return table.routes().stream()
        .flatMap(route ->
            fault(route.target(), rows).stream()
                .flatMap(why -> Stream.of("%s: %s".formatted(route.destination(), why))))
        .toList();
  }

  private static Optional<String> fault(RouteTarget target, Rows rows) {
    return switch (target) {
      case RouteTarget.ToPort(PortId port) -> ofPort(port, rows);
      case RouteTarget.ToPeer(PeeringId peering) -> ofPeering(peering, rows);
      case RouteTarget.Local _,
          RouteTarget.Blackhole _,
          RouteTarget.NatGateway _,
          RouteTarget.Internet _ ->
          Optional.empty();
    };
  }

  private static Optional<String> ofPeering(PeeringId id, Rows rows) {
    Optional<Peering> peering = rows.find(id);
    if (peering.isEmpty()) {
      return Optional.of("peering %s is gone".formatted(id));
    }
    return switch (peering.get().state()) {
      case ACTIVE -> Optional.empty();
      case PENDING_ACCEPTANCE -> Optional.of("peering %s waits to be accepted".formatted(id));
      case REJECTED -> Optional.of("peering %s was rejected".formatted(id));
    };
  }

  private static Optional<String> ofPort(PortId port, Rows rows) {
    if (!rows.require(port).adminUp()) {
      return Optional.of("port %s is administratively down".formatted(port));
    }
    return rows.anyBy(Binding.KIND, Binding.BY_PORT, port)
        ? Optional.empty()
        : Optional.of("port %s is plugged in nowhere".formatted(port));
  }
}

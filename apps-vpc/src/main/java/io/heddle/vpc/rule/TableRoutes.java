package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.DROP;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.Port;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Routing;
import io.heddle.core.pipeline.Stage;
import io.heddle.vpc.icmp.Unroutable;
import java.util.List;
import java.util.Optional;

/// Sends a subnet's packets along the routes of its table.
///
/// Before: a packet to the gateway's MAC, with its table's tag in a register. After: it goes where
/// the route with the longest prefix leads. A port's MAC is written at once, for the port is on its
/// way to any address; whether it is plugged in anywhere is for `forward` to find. What goes over a
/// peering meets its sender's rules and then [PeeringCrossing]; a peering that is not active leads
/// nowhere, and not where a shorter prefix would. One flow for each route. NAT gateways and the
/// internet are other apps' targets.
final class TableRoutes implements FlowRule<RouteTable> {

  @Override
  public Kind<RouteTable> subject() {
    return RouteTable.KIND;
  }

  @Override
  public FlowSet home(RouteTable table) {
    return FlowSet.vpc(table.vpc());
  }

  @Override
  public void compile(RouteTable table, View view, FlowSink flows) {
    for (RouteTable.Route route : table.routes()) {
      IpPrefix destination = route.destination();
      switch (route.target()) {
        case RouteTarget.Local() ->
            add(table, destination, LocalRoute.toDestination(destination), flows);
        case RouteTarget.ToPort(var port) ->
            add(table, destination, through(view.require(port)), flows);
        case RouteTarget.ToPeer(var peering) ->
            add(
                table,
                destination,
                peer(table, peering, view)
                    .map(vpc -> over(vpc, destination))
                    .orElse(PipelineDefaults.unroutable(Unroutable.NO_ROUTE)),
                flows);
        case RouteTarget.Blackhole() -> add(table, destination, DROP, flows);
        case RouteTarget.NatGateway _, RouteTarget.Internet _ -> {}
      }
    }
  }

  private static void add(
      RouteTable table, IpPrefix destination, List<Action> actions, FlowSink flows) {
    flows.add(
        Stage.ROUTE_ENTRIES,
        Routing.priority(destination),
        Routing.route(table, destination),
        actions);
  }

  private static Optional<Vpc> peer(RouteTable table, PeeringId id, View view) {
    return view.find(id)
        .filter(Peering::isActive)
        .flatMap(peering -> peering.beyond(table.vpc()))
        .flatMap(view::find);
  }

  /// First past the sender's own rules, which see a target that is elsewhere and has no identity.
  private static List<Action> over(Vpc peer, IpPrefix destination) {
    return Actions.concat(
        Routing.HOP,
        LocalRoute.nextHopIsTarget(destination),
        List.of(
            Actions.set(Registers.PEERED, 1),
            Actions.set(Registers.PEER_VPC, peer.tag()),
            Actions.set(Registers.REMOTE, 1),
            Stage.TRACK_OUT.goTo()));
  }

  private static List<Action> through(Port port) {
    return Actions.concat(
        Routing.HOP, List.of(Actions.set(Header.ETH_DST, port.mac()), Stage.FORWARD.goTo()));
  }
}

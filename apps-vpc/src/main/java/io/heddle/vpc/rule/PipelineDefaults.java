package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.DROP;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Kind;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.vpc.icmp.Unroutable;
import java.util.List;

/// What happens to packets that no flow of a VPC, a subnet or a port is for, in the stages of this
/// app.
///
/// Before: a packet in one of these tables that nothing more specific matched. After: in the stages
/// that only add something (`services`, the ACLs, `nat_out`) it goes on; where a stage has to find
/// the packet a place and did not, it is dropped and counted by that table's miss. ARP and neighbor
/// discovery that nobody answered end in `services`, and so does whatever is not IP: nothing is
/// flooded. The link-local address by which all gateways are known is answered for. A packet to the
/// gateway without a hop left to live leaves the way in `route`, one without a route in
/// `route_entries`, one whose destination nobody has in `neighbor` or `forward`: its sender is
/// told.
final class PipelineDefaults implements FlowRule<Cluster> {

  /// Below whatever a service answers or refuses.
  private static final int ONWARD = 5;

  @Override
  public Kind<Cluster> subject() {
    return Cluster.KIND;
  }

  @Override
  public FlowSet home(Cluster cluster) {
    return FlowSet.GLOBAL;
  }

  @Override
  public void compile(Cluster cluster, View view, FlowSink flows) {
    misses(flows);
    Match toGateway = Match.mac(Header.ETH_DST, Overlay.GATEWAY_MAC);
    onLinkOnly(flows);
    for (Match family : List.of(Match.IPV4, Match.IPV6)) {
      Match routable = family.and(toGateway);
      flows
          .add(Stage.SERVICES, ONWARD, family, Stage.ACL_OUT.goTo())
          .add(Stage.ROUTE, Priority.GUARD, routable.and(Match.of(Header.IP_TTL, 0)), DROP)
          .add(
              Stage.ROUTE,
              Priority.GUARD,
              routable.and(Match.of(Header.IP_TTL, 1)),
              unroutable(Unroutable.NO_HOP_LEFT));
    }
    Match advertisement = Nd.message(Nd.ADVERTISEMENT);
    Match toNobody = Match.address(Header.IPV6_DST_HIGH, Ipv6Address.UNSPECIFIED);
    flows
        .add(
            Stage.SERVICES,
            Priority.NORMAL,
            Nd.solicitationFor(Overlay.GATEWAY_LINK_LOCAL),
            Nd.answer(Overlay.GATEWAY_LINK_LOCAL, Overlay.GATEWAY_MAC, true))
        .add(Stage.ND_ANSWER, Priority.NORMAL, advertisement, Nd.send())
        .add(Stage.ND_ANSWER, Priority.SPECIFIC, advertisement.and(toNobody), Nd.sendToAll())
        .add(Stage.ROUTE, Priority.FALLBACK, toGateway, Stage.ROUTE_ENTRIES.goTo())
        .add(Stage.ENCAP, Priority.NORMAL, Registers.REMOTE.is(0), Stage.ACL_IN.goTo())
        .add(
            Stage.DELIVER,
            Priority.NORMAL,
            Match.ANY,
            new Action.OutputField(Registers.TARGET_OFPORT));
  }

  /// Of ICMPv6: multicast listener discovery and neighbor discovery.
  private static final List<Integer> ON_LINK_ONLY =
      List.of(130, 131, 132, 133, 134, 135, 136, 137, 143);

  /// What never goes beyond its link.
  private static void onLinkOnly(FlowSink flows) {
    flows.add(Stage.SERVICES, Priority.FALLBACK, Match.ARP, DROP);
    Match icmpv6 = Match.ipv6Protocol(Match.ICMPV6);
    for (int type : ON_LINK_ONLY) {
      flows.add(
          Stage.SERVICES, Priority.FALLBACK, icmpv6.and(Match.of(Header.ICMPV6_TYPE, type)), DROP);
    }
  }

  /// Neither what came by a tunnel nor what is in a peer's VPC, of whose addresses nothing is told.
  private static final Match ROUTED_HERE =
      Match.allOf(Registers.FROM_TUNNEL.is(0), Registers.CROSSED.is(0), Registers.ROUTED.is(1));

  /// Ends the way of a packet whose sender is told.
  static List<Action> unroutable(Unroutable reason) {
    return List.of(Actions.set(Registers.UNROUTABLE, reason.number()), Stage.UNREACHABLE.goTo());
  }

  private static void misses(FlowSink flows) {
    flows
        .add(Stage.CLASSIFY, Priority.MISS, Match.ANY, DROP)
        .add(Stage.DECODE, Priority.MISS, Match.ANY, DROP)
        .add(Stage.SERVICES, Priority.MISS, Match.ANY, DROP)
        .add(Stage.ND_ANSWER, Priority.MISS, Match.ANY, DROP)
        .add(Stage.ACL_OUT, Priority.MISS, Match.ANY, Stage.ROUTE.goTo())
        .add(Stage.ROUTE, Priority.MISS, Match.ANY, Stage.NEIGHBOR.goTo())
        .add(Stage.ROUTE_ENTRIES, Priority.MISS, Match.ANY, unroutable(Unroutable.NO_ROUTE))
        .add(Stage.NEIGHBOR, Priority.MISS, Match.ANY, DROP)
        .add(Stage.NEIGHBOR, Priority.FALLBACK, ROUTED_HERE, unroutable(Unroutable.NO_HOST))
        .add(Stage.FORWARD, Priority.MISS, Match.ANY, DROP)
        .add(Stage.FORWARD, Priority.FALLBACK, ROUTED_HERE, unroutable(Unroutable.NO_HOST))
        .add(Stage.UNREACHABLE, Priority.MISS, Match.ANY, DROP)
        .add(Stage.NAT_OUT, Priority.MISS, Match.ANY, Stage.ENCAP.goTo())
        .add(Stage.ENCAP, Priority.MISS, Match.ANY, DROP)
        .add(Stage.ACL_IN, Priority.MISS, Match.ANY, Stage.TRACK_IN.goTo());
  }
}

package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Routing;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// Routes to a VPC's own addresses from everywhere in it, whichever route table a subnet has, and
/// where there is none.
///
/// Before: a packet to the gateway's MAC, for an address of the VPC. After: it has one hop less to
/// live, comes from the gateway, and its next hop is its destination itself, whose MAC `neighbor`
/// finds. One flow for each CIDR, however many subnets there are.
final class LocalRoute implements FlowRule<Vpc> {

  @Override
  public Kind<Vpc> subject() {
    return Vpc.KIND;
  }

  @Override
  public FlowSet home(Vpc vpc) {
    return FlowSet.vpc(vpc.id());
  }

  @Override
  public void compile(Vpc vpc, View view, FlowSink flows) {
    vpc.cidrs().forEach(cidr -> add(vpc, cidr, flows));
    vpc.ipv6Cidrs().forEach(cidr -> add(vpc, cidr, flows));
  }

  private static void add(Vpc vpc, IpPrefix cidr, FlowSink flows) {
    flows.add(
        Stage.ROUTE_ENTRIES,
        Routing.localPriority(cidr),
        Tags.in(vpc).and(Routing.to(cidr)),
        toDestination(cidr));
  }

  /// The next hop is who has the address.
  static List<Action> toDestination(IpPrefix destination) {
    return Actions.concat(
        Routing.HOP, nextHopIsTarget(destination), List.of(Stage.NEIGHBOR.goTo()));
  }

  static List<Action> nextHopIsTarget(IpPrefix destination) {
    return switch (destination) {
      case Ipv4Prefix _ -> List.of(Actions.move(Field.of(Header.IPV4_DST), Registers.NEXT_HOP));
      case Ipv6Prefix _ -> NextHop.isIpv6Target();
    };
  }
}

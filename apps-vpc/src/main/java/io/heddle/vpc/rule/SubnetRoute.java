package io.heddle.vpc.rule;

import static io.heddle.core.flow.Actions.set;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// Routes to a subnet from everywhere in its VPC.
///
/// Before: a packet to the gateway's MAC, for an address of the subnet. After: it has one hop less
/// to live, comes from the gateway, and its next hop is its destination itself, whose MAC
/// `neighbor` finds.
final class SubnetRoute implements FlowRule<Subnet> {

  @Override
  public Kind<Subnet> subject() {
    return Subnet.KIND;
  }

  @Override
  public FlowSet home(Subnet subnet) {
    return FlowSet.vpc(subnet.vpc());
  }

  @Override
  public void compile(Subnet subnet, View view, FlowSink flows) {
    flows.add(
        Stage.ROUTE,
        Priority.prefix(subnet.cidr().length()),
        Match.allOf(
            Tags.in(view.require(subnet.vpc())),
            Match.IPV4,
            Match.mac(Header.ETH_DST, Overlay.GATEWAY_MAC),
            Match.prefix(Header.IPV4_DST, subnet.cidr())),
        new Action.DecTtl(),
        set(Header.ETH_SRC, Overlay.GATEWAY_MAC),
        set(Registers.ROUTED, 1),
        Actions.move(Field.of(Header.IPV4_DST), Registers.NEXT_HOP),
        Stage.NEIGHBOR.goTo());
    Ipv6Prefix ipv6 = subnet.ipv6Cidr();
    if (ipv6 != null) {
      flows.add(
          Stage.ROUTE,
          Priority.prefix(ipv6.length()),
          Match.allOf(
              Tags.in(view.require(subnet.vpc())),
              Match.IPV6,
              Match.mac(Header.ETH_DST, Overlay.GATEWAY_MAC),
              Match.prefix(Header.IPV6_DST_HIGH, ipv6)),
          Actions.concat(
              List.of(
                  new Action.DecTtl(),
                  set(Header.ETH_SRC, Overlay.GATEWAY_MAC),
                  set(Registers.ROUTED, 1)),
              NextHop.isIpv6Target(),
              List.of(Stage.NEIGHBOR.goTo())));
    }
  }
}

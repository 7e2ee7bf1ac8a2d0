package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;

/// Answers ARP for a subnet's gateway.
///
/// Before: a port of the subnet asks for its gateway. After: it has the MAC that all gateways
/// share, which makes the switch of its own host the router.
final class GatewayArpAnswer implements FlowRule<Subnet> {

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
        Stage.SERVICES,
        Priority.NORMAL,
        Tags.in(view.require(subnet.vpc()), subnet).and(Arp.requestFor(subnet.gateway())),
        Arp.answer(subnet.gateway(), Overlay.GATEWAY_MAC));
  }
}

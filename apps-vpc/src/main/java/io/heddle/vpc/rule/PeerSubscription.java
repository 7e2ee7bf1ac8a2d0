package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Peering;

/// Brings the peers of a host's VPCs to it: what crosses a peering is sent on the source's host by
/// the peer's own neighbours, targets and VNI.
///
/// One unit for each VPC on the host, however many ports it has there.
final class PeerSubscription implements FlowRule<CtZone> {

  @Override
  public Kind<CtZone> subject() {
    return CtZone.KIND;
  }

  @Override
  public FlowSet home(CtZone zone) {
    return FlowSet.host(zone.id().host());
  }

  @Override
  public void compile(CtZone zone, View view, FlowSink flows) {
    for (Peering peering : view.findBy(Peering.KIND, Peering.BY_VPC, zone.id().vpc())) {
      if (peering.isActive()) {
        peering.beyond(zone.id().vpc()).ifPresent(peer -> flows.subscribe(FlowSet.vpc(peer)));
      }
    }
  }
}

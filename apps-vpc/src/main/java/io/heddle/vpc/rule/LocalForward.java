package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Binding;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Finds the local port that a packet is for, wherever it came from.
///
/// Before: a packet of the VPC to the port's MAC, from a local port or out of a tunnel. After: it
/// carries its target's port, identity, subnet, ct zone and OpenFlow port on to the policy stages.
/// Outranks [RemoteForward] on the host that has the port; a port that is administratively down has
/// neither. A port whose machine is still on its way here has none here.
final class LocalForward implements FlowRule<Binding> {

  @Override
  public Kind<Binding> subject() {
    return Binding.KIND;
  }

  @Override
  public FlowSet home(Binding binding) {
    return FlowSet.host(binding.id().host());
  }

  @Override
  public void compile(Binding binding, View view, FlowSink flows) {
    Port port = view.require(binding.id().port());
    if (!port.adminUp() || binding.id().host().equals(port.migratingTo())) {
      return;
    }
    Vpc vpc = view.require(port.vpc());
    Subnet subnet = view.require(port.subnet());
    CtZone zone = view.require(binding.zoneId());
    flows.add(
        Stage.FORWARD,
        Priority.LOCAL,
        Tags.in(vpc).and(Match.mac(Header.ETH_DST, port.mac())),
        Actions.set(Registers.SUBNET, subnet.tag()),
        Actions.set(Registers.TARGET_PORT, Tags.tag(port)),
        Actions.set(Registers.TARGET_IDENTITY, port.identity()),
        Actions.set(Registers.CT_ZONE, zone.zone()),
        Actions.set(Registers.TARGET_OFPORT, binding.ofport()),
        Stage.TRACK_OUT.goTo());
  }
}

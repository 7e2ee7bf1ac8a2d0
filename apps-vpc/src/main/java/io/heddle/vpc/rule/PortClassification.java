package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
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
import io.heddle.vpc.nic.Arrivals;
import java.util.List;

/// Says whose packet it is that comes in by a local port, and brings the port's VPC to the host.
///
/// Before: a packet of which only the OpenFlow port is known. After: it carries its VPC, subnet,
/// port, identity and ct zone on to `spoof_guard`. From a port that is administratively down,
/// nothing is taken in. From one whose machine is being moved here, the controller is told of the
/// first packets: it has arrived.
final class PortClassification implements FlowRule<Binding> {

  /// All that is read of an arrival.
  private static final int HEADERS = 64;

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
    flows.subscribe(home(binding));
    flows.subscribe(FlowSet.vpc(port.vpc()));
    if (!port.adminUp()) {
      return;
    }
    Vpc vpc = view.require(port.vpc());
    Subnet subnet = view.require(port.subnet());
    CtZone zone = view.require(binding.zoneId());
    List<Action> classified =
        List.of(
            Actions.set(Registers.VPC, vpc.tag()),
            Actions.set(Registers.SUBNET, subnet.tag()),
            Actions.set(Registers.SOURCE_PORT, Tags.tag(port)),
            Actions.set(Registers.SOURCE_IDENTITY, port.identity()),
            Actions.set(Registers.CT_ZONE, zone.zone()),
            Stage.SPOOF_GUARD.goTo());
    Match from = Match.inPort(binding.ofport());
    if (binding.id().host().equals(port.migratingTo())) {
      Action arrival = new Action.Controller(HEADERS, List.of(Arrivals.CODE), binding.ofport());
      flows.add(
          Stage.CLASSIFY,
          Priority.LOCAL,
          from.and(Match.mac(Header.ETH_SRC, port.mac())),
          Actions.concat(List.of(arrival), classified));
      return;
    }
    flows.add(Stage.CLASSIFY, Priority.LOCAL, from, classified);
  }
}

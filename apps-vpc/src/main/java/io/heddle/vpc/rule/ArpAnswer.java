package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;

/// Answers ARP for a port's addresses, on every host, with the port's real MAC.
///
/// Before: a port of the same subnet asks who has the address. After: it has its answer from its
/// own host's switch; the question went nowhere else.
final class ArpAnswer implements FlowRule<Port> {

  @Override
  public Kind<Port> subject() {
    return Port.KIND;
  }

  @Override
  public FlowSet home(Port port) {
    return FlowSet.vpc(port.vpc());
  }

  @Override
  public void compile(Port port, View view, FlowSink flows) {
    Vpc vpc = view.require(port.vpc());
    Subnet subnet = view.require(port.subnet());
    for (Ipv4Address address : port.addresses()) {
      flows.add(
          Stage.SERVICES,
          Priority.NORMAL,
          Tags.in(vpc, subnet).and(Arp.requestFor(address)),
          Arp.answer(address, port.mac()));
    }
  }
}

package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Finds the MAC of a routed packet's next hop.
///
/// Before: a routed packet whose next hop is one of the port's addresses. After: it is addressed to
/// the port's MAC. A next hop that no port has is nobody's: dropped.
final class RoutedNeighbor implements FlowRule<Port> {

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
    for (Ipv4Address address : port.addresses()) {
      flows.add(
          Stage.NEIGHBOR,
          Priority.NORMAL,
          Match.allOf(
              Tags.in(vpc),
              Match.IPV4,
              Registers.ROUTED.is(1),
              Registers.NEXT_HOP.is(address.unsigned())),
          Actions.set(Header.ETH_DST, port.mac()),
          Stage.FORWARD.goTo());
    }
    for (Ipv6Address address : port.ipv6Addresses()) {
      flows.add(
          Stage.NEIGHBOR,
          Priority.NORMAL,
          Match.allOf(Tags.in(vpc), Registers.ROUTED.is(1), NextHop.is(address)),
          Actions.set(Header.ETH_DST, port.mac()),
          Stage.FORWARD.goTo());
    }
  }
}

package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Lets ports of one subnet reach each other by MAC.
///
/// Before: a packet to the port's MAC that was not routed. After: it goes on if its sender is in
/// the same subnet. From another subnet it is dropped: nobody gets around routing by writing a MAC.
final class BridgedNeighbor implements FlowRule<Port> {

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
    flows.add(
        Stage.NEIGHBOR,
        Priority.NORMAL,
        Match.allOf(
            Tags.in(vpc, subnet), Registers.ROUTED.is(0), Match.mac(Header.ETH_DST, port.mac())),
        Stage.FORWARD.goTo());
  }
}

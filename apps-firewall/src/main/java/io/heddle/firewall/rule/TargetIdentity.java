package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Tells the identity of a target on another host, by its MAC: for egress rules that speak of a
/// group.
///
/// One flow for each port, in `identity:<vpc>`, which only hosts hold where such a rule asks.
public final class TargetIdentity implements FlowRule<Port> {

  @Override
  public Kind<Port> subject() {
    return Port.KIND;
  }

  @Override
  public FlowSet home(Port port) {
    return FlowSet.identity(port.vpc());
  }

  @Override
  public void compile(Port port, View view, FlowSink flows) {
    Match target =
        Match.allOf(
            Registers.VPC.is(view.require(port.vpc()).tag()),
            Match.mac(Header.ETH_DST, port.mac()));
    flows.add(
        Stage.TARGET_IDENTITY,
        Priority.NORMAL,
        target,
        Actions.set(Registers.TARGET_IDENTITY, port.identity()));
  }
}

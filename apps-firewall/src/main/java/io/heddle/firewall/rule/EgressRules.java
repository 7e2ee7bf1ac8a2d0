package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Kind;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.policy.Posture;
import io.heddle.firewall.rule.GroupFlows.GroupFlow;

/// Lets out what a security group's egress rules permit, and lets the answers in.
///
/// In `group:<id>`, which every host with a member holds: the rules are read for what a member
/// sends, and for the replies that arrive, which is on the same host.
///
/// A group that allows everything has no flows: the policies of its members look no rule up.
public final class EgressRules implements FlowRule<SecurityGroup> {

  @Override
  public Kind<SecurityGroup> subject() {
    return SecurityGroup.KIND;
  }

  @Override
  public FlowSet home(SecurityGroup group) {
    return FlowSet.group(group.id());
  }

  @Override
  public void compile(SecurityGroup group, View view, FlowSink flows) {
    if (Posture.reach(group, Direction.EGRESS) != Posture.Reach.SOME) {
      return;
    }
    for (GroupFlow flow : GroupFlows.of(group, Direction.EGRESS, view)) {
      flows.add(Stage.EGRESS_RULES, flow.priority(), flow.match(), flow.actions());
    }
  }
}

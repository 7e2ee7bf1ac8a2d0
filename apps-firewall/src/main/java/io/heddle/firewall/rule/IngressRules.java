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

/// Lets in what a security group's ingress rules permit, and lets its members answer.
///
/// In `group:<id>`, which every host with a member holds: the rules are read for what arrives at a
/// member, and for the replies that it sends, which is on the same host.
///
/// A group that allows everything has no flows: the policies of its members look no rule up.
public final class IngressRules implements FlowRule<SecurityGroup> {

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
    if (Posture.reach(group, Direction.INGRESS) != Posture.Reach.SOME) {
      return;
    }
    for (GroupFlow flow : GroupFlows.of(group, Direction.INGRESS, view)) {
      flows.add(Stage.INGRESS_RULES, flow.priority(), flow.match(), flow.actions());
    }
  }
}

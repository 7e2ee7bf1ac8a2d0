package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Kind;
import io.heddle.core.model.SecurityGroup;
import io.heddle.firewall.policy.Posture;

/// Lets out what a security group's egress rules permit, and lets the answers in.
///
/// In `group:<id>`, which every host with a member holds: the rules are read where a member is the
/// source (`rules_out`), and where replies to it arrive (`replies_in`), which is the same host.
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
    if (Posture.reach(group, Direction.EGRESS) == Posture.Reach.SOME) {
      GroupFlows.compile(group, Direction.EGRESS, view, flows);
    }
  }
}

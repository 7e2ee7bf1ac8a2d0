package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Kind;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.log.PolicyLogging;
import io.heddle.firewall.log.PolicyLogging.Remark;
import io.heddle.firewall.log.PolicyLogging.Verdict;

/// Tells the controller of packets that a group wants logged: what none of a member's groups
/// allows, and what opens a connection that this one allows.
///
/// Before: a packet that has been held against the rules of a direction, looked up in `policy_log`
/// on the way. After: the same packet goes the same way; its beginning is at the controller, unless
/// the host tells of more already than its meter lets through. A group that logs nothing has no
/// flows here, and nothing is looked up for it.
public final class PolicyLog implements FlowRule<SecurityGroup> {

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
    Match ours = Registers.GROUP.is(Integer.toUnsignedLong(group.tag()));
    for (Direction direction : Direction.values()) {
      for (Verdict verdict : Verdict.values()) {
        if (PolicyLogging.isWanted(group, verdict)) {
          Match seen =
              switch (verdict) {
                case DROP -> Registers.ALLOWED.is(0);
                case ACCEPT -> Tracking.NEW;
              };
          flows.add(
              Stage.POLICY_LOG,
              Priority.NORMAL,
              Match.allOf(ours, Registers.REMARK.is(Logs.remark(direction, verdict)), seen),
              new Remark(group.id(), direction, verdict).tell());
        }
      }
    }
  }
}

package io.heddle.firewall.rule;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.model.Direction;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.log.PolicyLogging;
import io.heddle.firewall.log.PolicyLogging.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The steps by which a packet is looked up in `policy_log` and goes on as if it had not been.
final class Logs {

  private static final int ADMITTED = 1;
  private static final int OF_INGRESS = 2;

  private Logs() {}

  /// What the register says while a packet is looked up.
  static int remark(Direction direction, Verdict verdict) {
    int admitted =
        switch (verdict) {
          case DROP -> 0;
          case ACCEPT -> ADMITTED;
        };
    return direction == Direction.INGRESS ? admitted | OF_INGRESS : admitted;
  }

  /// For the group in its register, whose rules of a direction have been read.
  static List<Action> lookUp(Direction direction, Verdict verdict) {
    return List.of(
        Actions.set(Registers.REMARK, remark(direction, verdict)),
        Stage.POLICY_LOG.resubmit(),
        Actions.set(Registers.REMARK, 0));
  }

  /// For each of these groups that wants such packets logged; nothing where none does. The group's
  /// register is left as it happens to be.
  static List<Action> of(Collection<SecurityGroup> groups, Direction direction, Verdict verdict) {
    List<Action> actions = new ArrayList<>();
    for (SecurityGroup group : groups) {
      if (PolicyLogging.isWanted(group, verdict)) {
        actions.add(Actions.set(Registers.GROUP, Integer.toUnsignedLong(group.tag())));
        actions.addAll(lookUp(direction, verdict));
      }
    }
    return List.copyOf(actions);
  }
}

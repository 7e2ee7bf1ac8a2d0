package io.heddle.firewall.rule;

import static io.heddle.core.flow.Actions.DROP;
import static io.heddle.core.flow.Actions.set;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Identity;
import io.heddle.core.model.Kind;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.log.PolicyLogging.Verdict;
import io.heddle.firewall.policy.Posture;
import io.heddle.firewall.policy.Posture.Reach;
import java.util.ArrayList;
import java.util.List;

/// Sends the packets of an identity's ports past the rules of its groups, one group after the
/// other.
///
/// In `policy:<identity>`, which every host with such a port holds. It names groups and no rule: a
/// rule that comes or goes changes nothing here, unless it is the one that allows everything, or
/// the first or last of a group's direction. A port that joins the identity changes nothing at all.
///
/// Two kinds of packet are told apart in each direction. What the end that opened a connection
/// sends is held against the rules of its direction. A *reply* is held against the rules of the
/// other direction and never against those of its own. ICMP errors are what they are about: sent by
/// the end that opened the connection, or by the other.
public final class IdentityPolicy implements FlowRule<Identity> {

  @Override
  public Kind<Identity> subject() {
    return Identity.KIND;
  }

  @Override
  public FlowSet home(Identity identity) {
    return FlowSet.policy(identity.id());
  }

  @Override
  public void compile(Identity identity, View view, FlowSink flows) {
    List<SecurityGroup> groups = identity.groups().stream().map(view::require).toList();
    Policy policy = new Policy(groups, Posture.of(groups), flows);
    Match vpc = Registers.VPC.is(view.require(identity.id().vpc()).tag());
    int number = identity.id().number();
    policy.sends(vpc.and(Registers.SOURCE_IDENTITY.is(number)));
    policy.receives(vpc.and(Registers.TARGET_IDENTITY.is(number)));
  }

  /// @param groups in the order of their ids
  private record Policy(List<SecurityGroup> groups, Posture posture, FlowSink flows) {

    /// @param ours packets that a port of the identity sent
    void sends(Match ours) {
      if (groups.isEmpty()) {
        flows.add(Stage.TRACK_OUT, Ranks.CONNECTION, ours, DROP);
        return;
      }
      Match replies = ours.and(Tracking.REPLY);
      Action vouch = set(Registers.REPLY, 1);
      switch (posture.ingress()) {
        case NOTHING -> {}
        case EVERYTHING ->
            flows.add(Stage.GROUP_OUT, Ranks.CONNECTION, replies, vouch, Stage.NAT_OUT.goTo());
        case SOME -> {
          List<Action> actions = new ArrayList<>(List.of(vouch));
          actions.addAll(past(Direction.INGRESS, Registers.TARGET_IDENTITY, Stage.SETTLE_OUT));
          flows.add(Stage.GROUP_OUT, Ranks.CONNECTION, replies, actions);
        }
      }
      switch (posture.egress()) {
        case NOTHING -> dropAll(Stage.GROUP_OUT, ours, Direction.EGRESS);
        case EVERYTHING -> opensEverything(ours);
        // This host remembers the connection too, since answers are held against the rules here.
        case SOME ->
            flows.add(
                Stage.GROUP_OUT,
                Ranks.ORIGINAL,
                ours,
                past(Direction.EGRESS, Registers.TARGET_IDENTITY, Stage.SETTLE_OUT));
      }
    }

    /// Only the target's host remembers what such a port opens. So an ICMP error about it is about
    /// nothing that this host knows of, and goes on for the target's host to judge.
    private void opensEverything(Match ours) {
      flows.add(
          Stage.GROUP_OUT,
          Ranks.ORIGINAL,
          ours,
          Actions.then(told(Direction.EGRESS), Stage.NAT_OUT.goTo()));
      for (Match icmp : Tracking.ICMP) {
        flows.add(
            Stage.GROUP_OUT,
            Ranks.JUDGED_THERE,
            Match.allOf(ours, icmp, Tracking.INVALID),
            Stage.NAT_OUT.goTo());
      }
    }

    /// @param ours packets for a local port of the identity
    void receives(Match ours) {
      if (groups.isEmpty()) {
        flows.add(Stage.TRACK_IN, Ranks.CONNECTION, ours, DROP);
        return;
      }
      switch (posture.egress()) {
        case NOTHING -> {}
        case EVERYTHING ->
            flows.add(
                Stage.TRACK_IN,
                Ranks.CONNECTION,
                ours.and(Registers.REPLY.is(1)),
                Stage.DELIVER.goTo());
        case SOME ->
            flows.add(
                Stage.GROUP_IN,
                Ranks.CONNECTION,
                ours.and(Tracking.REPLY),
                past(Direction.EGRESS, Registers.SOURCE_IDENTITY, Stage.SETTLE_IN));
      }
      switch (posture.ingress()) {
        case NOTHING -> dropAll(Stage.GROUP_IN, ours, Direction.INGRESS);
        case EVERYTHING ->
            flows.add(
                Stage.GROUP_IN,
                Ranks.ORIGINAL,
                ours,
                Actions.concat(
                    List.of(set(Registers.ALLOWED, 1)),
                    told(Direction.INGRESS),
                    List.of(Stage.SETTLE_IN.goTo())));
        case SOME ->
            flows.add(
                Stage.GROUP_IN,
                Ranks.ORIGINAL,
                ours,
                past(Direction.INGRESS, Registers.SOURCE_IDENTITY, Stage.SETTLE_IN));
      }
    }

    /// Where a group allows everything, no rule of it is read: what it accepts is told of here.
    private List<Action> told(Direction direction) {
      List<SecurityGroup> open =
          groups.stream()
              .filter(group -> Posture.reach(group, direction) == Reach.EVERYTHING)
              .toList();
      List<Action> told = Logs.of(open, direction, Verdict.ACCEPT);
      return told.isEmpty() ? told : Actions.then(told, set(Registers.GROUP, 0));
    }

    /// Without any rule, everything is dropped; a flow of its own is needed only where that is told
    /// of.
    private void dropAll(Stage stage, Match ours, Direction direction) {
      List<Action> told = Logs.of(groups, direction, Verdict.DROP);
      if (!told.isEmpty()) {
        flows.add(stage, Ranks.ORIGINAL, ours, told);
      }
    }

    /// Holds the packet against the rules of each group that has any of the direction.
    ///
    /// @param peer where the identity of the end that those rules speak of stands
    private List<Action> past(Direction direction, Field peer, Stage settle) {
      Stage rules = direction == Direction.EGRESS ? Stage.EGRESS_RULES : Stage.INGRESS_RULES;
      List<Action> actions = new ArrayList<>();
      actions.add(Actions.move(peer, Registers.PEER));
      for (SecurityGroup group : groups) {
        if (Posture.reach(group, direction) != Reach.NOTHING) {
          actions.add(set(Registers.GROUP, Integer.toUnsignedLong(group.tag())));
          actions.add(rules.resubmit());
        }
      }
      actions.addAll(Logs.of(groups, direction, Verdict.DROP));
      actions.add(set(Registers.GROUP, 0));
      actions.add(set(Registers.PEER, 0));
      actions.add(settle.goTo());
      return actions;
    }
  }
}

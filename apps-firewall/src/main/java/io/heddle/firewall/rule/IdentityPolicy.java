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
/// Three kinds of packet are told apart in each direction. One that *opens or carries on* a
/// connection is held against the rules of its direction. A *reply* is held against the rules of
/// the other direction, as they read on the connection's first packet, and never against those of
/// its own. An *ICMP error* from the end that opened the connection is held against the rules that
/// let it be opened; one from the other end is a reply.
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
    policy.sends(Match.allOf(Match.IPV4, vpc, Registers.SOURCE_IDENTITY.is(number)), number);
    policy.receives(Match.allOf(Match.IPV4, vpc, Registers.TARGET_IDENTITY.is(number)));
  }

  /// @param groups in the order of their ids
  private record Policy(List<SecurityGroup> groups, Posture posture, FlowSink flows) {

    /// @param ours packets that a port of the identity sent
    void sends(Match ours, int identity) {
      if (groups.isEmpty()) {
        flows.add(Stage.TRACK_OUT, Ranks.CONNECTION, ours, DROP);
        return;
      }
      switch (posture.ingress()) {
        case NOTHING -> {}
        case EVERYTHING ->
            flows.add(
                Stage.GROUP_OUT,
                Ranks.CONNECTION,
                ours.and(Tracking.REPLY),
                set(Registers.REPLY, 1),
                Stage.NAT_OUT.goTo());
        case SOME -> {
          List<Action> actions = new ArrayList<>();
          actions.add(set(Registers.REPLY, 1));
          actions.addAll(past(Direction.INGRESS, Stage.REPLIES_OUT, Stage.SETTLE_OUT));
          flows.add(Stage.GROUP_OUT, Ranks.CONNECTION, ours.and(Tracking.REPLY), actions);
        }
      }
      switch (posture.egress()) {
        case NOTHING -> {}
        case EVERYTHING -> opensEverything(ours);
        case SOME -> opensSome(ours, identity);
      }
    }

    /// Only the target's host remembers what such a port opens. So an ICMP error about it is about
    /// nothing that this host knows of, and goes on for the target's host to judge.
    private void opensEverything(Match ours) {
      flows.add(Stage.GROUP_OUT, Ranks.ORIGINAL, ours, Stage.NAT_OUT.goTo());
      flows.add(
          Stage.GROUP_OUT,
          Ranks.JUDGED_THERE,
          Match.allOf(ours, Match.ipProtocol(Match.ICMP), Tracking.INVALID),
          Stage.NAT_OUT.goTo());
    }

    /// Restricted egress: this host remembers the connection too, since answers are held against
    /// the rules here.
    private void opensSome(Match ours, int identity) {
      flows.add(
          Stage.GROUP_OUT,
          Ranks.ORIGINAL,
          ours,
          past(Direction.EGRESS, Stage.RULES_OUT, Stage.SETTLE_OUT));
      flows.add(
          Stage.GROUP_OUT,
          Ranks.CONNECTION,
          ours.and(Tracking.RELATED),
          against(Registers.TARGET_IDENTITY, Stage.SETTLE_OUT));
      flows.add(
          Stage.SETTLE_OUT,
          Ranks.REMEMBERED,
          Match.allOf(
              ours,
              Registers.ALLOWED.is(1),
              Registers.REMOTE.is(1),
              Tracking.rememberedAs(identity)),
          set(Registers.ALLOWED, 0),
          Stage.NAT_OUT.goTo());
      if (posture.asksTargets()) {
        flows.add(
            Stage.TRACK_OUT,
            Ranks.CONNECTION,
            ours.and(Registers.REMOTE.is(1)),
            Stage.TARGET_IDENTITY.resubmit(),
            set(Registers.TRACKED, 1),
            Tracking.lookUp(Stage.GROUP_OUT));
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
                against(Registers.SOURCE_IDENTITY, Stage.SETTLE_IN));
      }
      switch (posture.ingress()) {
        case NOTHING -> {}
        case EVERYTHING ->
            flows.add(
                Stage.GROUP_IN,
                Ranks.ORIGINAL,
                ours,
                set(Registers.ALLOWED, 1),
                Stage.SETTLE_IN.goTo());
        case SOME -> {
          flows.add(
              Stage.GROUP_IN,
              Ranks.ORIGINAL,
              ours,
              past(Direction.INGRESS, Stage.RULES_IN, Stage.SETTLE_IN));
          flows.add(
              Stage.GROUP_IN,
              Ranks.CONNECTION,
              ours.and(Tracking.RELATED).and(Registers.REPLY.is(0)),
              past(Direction.INGRESS, Stage.REPLIES_OUT, Stage.SETTLE_IN));
        }
      }
    }

    /// Holds the packet against the egress rules as they read on its connection's first packet.
    ///
    /// @param responder where the identity of the end that answers stands
    private List<Action> against(Field responder, Stage settle) {
      List<Action> actions = new ArrayList<>();
      actions.add(Actions.move(responder, Tracking.RESPONDER));
      lookUp(Direction.EGRESS, Stage.REPLIES_IN, actions);
      actions.add(set(Tracking.RESPONDER, 0));
      actions.add(settle.goTo());
      return actions;
    }

    /// Holds the packet against the rules of each group that has any of the direction.
    private List<Action> past(Direction direction, Stage rules, Stage settle) {
      List<Action> actions = new ArrayList<>();
      lookUp(direction, rules, actions);
      actions.add(settle.goTo());
      return actions;
    }

    private void lookUp(Direction direction, Stage rules, List<Action> actions) {
      for (SecurityGroup group : groups) {
        if (Posture.reach(group, direction) != Reach.NOTHING) {
          actions.add(set(Registers.GROUP, Integer.toUnsignedLong(group.tag())));
          actions.add(rules.resubmit());
        }
      }
      actions.add(set(Registers.GROUP, 0));
    }
  }
}

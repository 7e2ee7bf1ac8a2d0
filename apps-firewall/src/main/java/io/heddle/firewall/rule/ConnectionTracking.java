package io.heddle.firewall.rule;

import static io.heddle.core.flow.Actions.DROP;
import static io.heddle.core.flow.Actions.set;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.Kind;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// The frame that is the same for every identity: who is looked up, what is dropped before any
/// rule, and what an admitted packet leaves behind. One copy, in `global`.
///
/// Why it is sound is argued in the package's documentation.
public final class ConnectionTracking implements FlowRule<Cluster> {

  private static final Match ALLOWED = Registers.ALLOWED.is(1);

  @Override
  public Kind<Cluster> subject() {
    return Cluster.KIND;
  }

  @Override
  public FlowSet home(Cluster cluster) {
    return FlowSet.GLOBAL;
  }

  @Override
  public void compile(Cluster cluster, View view, FlowSink flows) {
    flows.add(Stage.SPOOF_GUARD, Priority.MISS, Match.ANY, DROP);
    egress(flows);
    settleEgress(flows);
    ingress(flows);
    settleIngress(flows);
    for (Stage rules : List.of(Stage.EGRESS_RULES, Stage.INGRESS_RULES)) {
      // Another of the identity's groups has said yes: what more there is need not be looked at.
      flows.add(rules, Ranks.ADMITTED, ALLOWED, DROP);
      for (Match family : Tracking.IP) {
        // Its first fragment is what rules judge: none is delivered without the others, see below.
        flows.add(
            rules,
            Ranks.LATER_FRAGMENT,
            family.and(Tracking.LATER_FRAGMENT),
            set(Registers.ALLOWED, 1));
      }
    }
  }

  private static void egress(FlowSink flows) {
    flows.add(Stage.TRACK_OUT, Ranks.GUARD, Registers.FROM_TUNNEL.is(1), Stage.ACL_IN.goTo());
    for (Match family : Tracking.IP) {
      flows.add(
          Stage.TRACK_OUT,
          Ranks.ORIGINAL,
          family,
          set(Registers.TRACKED, 1),
          Tracking.lookUp(Stage.GROUP_OUT));
    }
    flows
        .add(Stage.TRACK_OUT, Priority.MISS, Match.ANY, DROP)
        .add(Stage.GROUP_OUT, Ranks.GUARD, Tracking.INVALID, DROP)
        .add(Stage.GROUP_OUT, Ranks.REPLY_GUARD, Tracking.REPLY, DROP)
        .add(Stage.GROUP_OUT, Priority.MISS, Match.ANY, DROP);
  }

  private static void settleEgress(FlowSink flows) {
    Match remote = ALLOWED.and(Registers.REMOTE.is(1));
    // A local target's ingress remembers the connection, in the same zone, if it admits it too.
    for (Match nothingToRemember :
        List.of(
            ALLOWED.and(Registers.REMOTE.is(0)),
            remote.and(Tracking.REPLY),
            remote.and(Tracking.RELATED),
            remote.and(Tracking.ESTABLISHED))) {
      flows.add(
          Stage.SETTLE_OUT,
          Ranks.CONNECTION,
          nothingToRemember,
          set(Registers.ALLOWED, 0),
          Stage.NAT_OUT.goTo());
    }
    for (Match family : Tracking.IP) {
      settle(
          flows,
          Stage.SETTLE_OUT,
          remote.and(family),
          set(Registers.ALLOWED, 0),
          Tracking.remember(),
          Stage.NAT_OUT.goTo());
    }
    flows.add(Stage.SETTLE_OUT, Priority.MISS, Match.ANY, DROP);
  }

  private static void ingress(FlowSink flows) {
    flows.add(Stage.TRACK_IN, Ranks.ORIGINAL + 10, Registers.TRACKED.is(1), Stage.GROUP_IN.goTo());
    for (Match family : Tracking.IP) {
      flows.add(Stage.TRACK_IN, Ranks.ORIGINAL, family, Tracking.lookUp(Stage.GROUP_IN));
    }
    flows
        .add(Stage.TRACK_IN, Priority.MISS, Match.ANY, DROP)
        .add(Stage.GROUP_IN, Ranks.GUARD, Tracking.INVALID, DROP)
        .add(Stage.GROUP_IN, Ranks.STRAY_REPLY, Registers.REPLY.is(1), DROP)
        .add(Stage.GROUP_IN, Ranks.REPLY_GUARD, Tracking.REPLY, DROP)
        .add(Stage.GROUP_IN, Priority.MISS, Match.ANY, DROP);
  }

  private static void settleIngress(FlowSink flows) {
    for (Match nothingToRemember :
        List.of(Tracking.REPLY, Tracking.RELATED, Tracking.ESTABLISHED)) {
      flows.add(
          Stage.SETTLE_IN, Ranks.CONNECTION, ALLOWED.and(nothingToRemember), Stage.DELIVER.goTo());
    }
    for (Match family : Tracking.IP) {
      settle(
          flows, Stage.SETTLE_IN, ALLOWED.and(family), Tracking.remember(), Stage.DELIVER.goTo());
    }
    flows.add(Stage.SETTLE_IN, Priority.MISS, Match.ANY, DROP);
  }

  /// Remembers what opens a connection, and has fragments put together once more, whatever they are
  /// of: so later ones, which rules can't judge, go no further without their first.
  private static void settle(FlowSink flows, Stage stage, Match packet, Action... actions) {
    flows
        .add(stage, Ranks.ORIGINAL, packet, actions)
        .add(stage, Ranks.FRAGMENT, packet.and(Tracking.FRAGMENT), actions);
  }
}

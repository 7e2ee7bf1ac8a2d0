package io.heddle.firewall.rule;

import static io.heddle.core.flow.Actions.DROP;
import static io.heddle.core.flow.Actions.list;
import static io.heddle.core.flow.Actions.set;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
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

  private static final Match ALLOWED = Match.IPV4.and(Registers.ALLOWED.is(1));
  private static final Match REFUSED = Match.IPV4.and(Registers.ALLOWED.is(0));

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
    spoofGuard(flows);
    egress(flows);
    ingress(flows);
    for (Stage rules :
        List.of(Stage.RULES_OUT, Stage.REPLIES_OUT, Stage.RULES_IN, Stage.REPLIES_IN)) {
      // Another of the identity's groups has said yes: what more there is need not be looked at.
      flows.add(rules, Ranks.ADMITTED, Registers.ALLOWED.is(1), DROP);
    }
  }

  private static void spoofGuard(FlowSink flows) {
    flows.add(Stage.SPOOF_GUARD, Priority.MISS, Match.ANY, DROP);
  }

  private static void egress(FlowSink flows) {
    flows
        .add(Stage.TRACK_OUT, Ranks.GUARD, Registers.FROM_TUNNEL.is(1), Stage.ACL_IN.goTo())
        .add(
            Stage.TRACK_OUT,
            Ranks.ORIGINAL,
            Match.IPV4,
            set(Registers.TRACKED, 1),
            Tracking.lookUp(Stage.GROUP_OUT))
        .add(Stage.TRACK_OUT, Priority.MISS, Match.ANY, DROP)
        .add(Stage.GROUP_OUT, Ranks.GUARD, Tracking.INVALID, DROP)
        .add(Stage.GROUP_OUT, Ranks.REPLY_GUARD, Tracking.REPLY, DROP)
        .add(Stage.GROUP_OUT, Priority.MISS, Match.ANY, DROP);

    Match remote = ALLOWED.and(Registers.REMOTE.is(1));
    Match reply = remote.and(Registers.REPLY.is(1));
    Match related = remote.and(Registers.REPLY.is(0)).and(Tracking.RELATED);
    // A local target's ingress remembers the connection, in the same zone, if it admits it too.
    for (Match nothingToRemember : List.of(ALLOWED.and(Registers.REMOTE.is(0)), reply, related)) {
      flows.add(
          Stage.SETTLE_OUT,
          Ranks.CONNECTION,
          nothingToRemember,
          set(Registers.ALLOWED, 0),
          Stage.NAT_OUT.goTo());
    }
    flows
        .add(
            Stage.SETTLE_OUT,
            Ranks.ORIGINAL,
            remote,
            set(Registers.ALLOWED, 0),
            Tracking.remember(),
            Stage.NAT_OUT.goTo())
        .add(Stage.SETTLE_OUT, Priority.MISS, Match.ANY, DROP);
  }

  private static void ingress(FlowSink flows) {
    Match vouched = Match.IPV4.and(Registers.REPLY.is(1));
    flows
        .add(
            Stage.TRACK_IN,
            Ranks.ORIGINAL + 10,
            Match.IPV4.and(Registers.TRACKED.is(1)),
            Stage.GROUP_IN.goTo())
        .add(Stage.TRACK_IN, Ranks.ORIGINAL, Match.IPV4, Tracking.lookUp(Stage.GROUP_IN))
        .add(Stage.TRACK_IN, Priority.MISS, Match.ANY, DROP)
        .add(Stage.GROUP_IN, Ranks.GUARD, Tracking.INVALID, DROP)
        .add(Stage.GROUP_IN, Ranks.STRAY_REPLY, vouched, DROP)
        .add(Stage.GROUP_IN, Ranks.REPLY_GUARD, Tracking.REPLY, DROP)
        .add(Stage.GROUP_IN, Priority.MISS, Match.ANY, DROP)
        .add(Stage.SETTLE_IN, Ranks.CONNECTION, ALLOWED.and(Tracking.REPLY), Stage.DELIVER.goTo())
        .add(Stage.SETTLE_IN, Ranks.CONNECTION, ALLOWED.and(Tracking.RELATED), Stage.DELIVER.goTo())
        .add(Stage.SETTLE_IN, Ranks.ORIGINAL, ALLOWED, Tracking.remember(), Stage.DELIVER.goTo())
        // Answers are held against who opened the connection: whoever goes on with it and may not,
        // did not.
        .add(
            Stage.SETTLE_IN,
            Ranks.REFUSED,
            REFUSED.and(Tracking.ESTABLISHED),
            list(Tracking.disown()))
        .add(Stage.SETTLE_IN, Priority.MISS, Match.ANY, DROP);
  }
}

package io.heddle.vpc;

import io.heddle.core.compile.Feature;
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

/// Stands where the firewall's stages are, and lets everything pass.
final class OpenPolicy implements FlowRule<Cluster> {

  Feature feature() {
    return new Feature("open policy", List.of(this), List.of());
  }

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
    flows
        .add(Stage.SPOOF_GUARD, Priority.MISS, Match.ANY, Stage.SERVICES.goTo())
        .add(Stage.TRACK_OUT, Priority.NORMAL, Registers.FROM_TUNNEL.is(1), Stage.ACL_IN.goTo())
        .add(Stage.TRACK_OUT, Priority.MISS, Match.ANY, Stage.NAT_OUT.goTo())
        .add(Stage.TRACK_IN, Priority.MISS, Match.ANY, Stage.DELIVER.goTo());
  }
}

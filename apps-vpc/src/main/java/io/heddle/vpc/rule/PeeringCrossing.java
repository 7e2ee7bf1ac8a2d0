package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.Kind;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Takes a packet from its own VPC into the peer's, once its sender's rules have let it go.
///
/// Before: a packet that a route sent over a peering, in `nat_out`. After: it is one of the peer's
/// VPC, of no identity and tracked nowhere, and looks for its next hop there, among that VPC's
/// ports and nowhere else: it meets no route again, so peerings lead to peers and not to peers of
/// peers. Two flows for all peerings there are; `nat_out` itself passes it by the second time.
final class PeeringCrossing implements FlowRule<Cluster> {

  /// Above everything that the sender's policy has in `track_out`.
  private static final int DONE_WITH_EGRESS = Priority.GUARD + 100;

  private static final int NOTHING = 0;

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
        .add(
            Stage.NAT_OUT,
            Priority.SPECIFIC,
            Registers.PEERED.is(1),
            Actions.move(Registers.PEER_VPC, Registers.VPC),
            Actions.set(Registers.PEER_VPC, NOTHING),
            Actions.set(Registers.PEERED, 0),
            Actions.set(Registers.CROSSED, 1),
            Actions.set(Registers.SOURCE_IDENTITY, NOTHING),
            Actions.set(Registers.TRACKED, 0),
            Actions.set(Registers.REMOTE, 0),
            Stage.NEIGHBOR.resubmit())
        .add(Stage.TRACK_OUT, DONE_WITH_EGRESS, Registers.CROSSED.is(1), Stage.NAT_OUT.goTo());
  }
}

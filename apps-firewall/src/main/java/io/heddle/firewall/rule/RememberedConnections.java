package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Identity;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Spares an admitted packet the writing down of what is written already: its connection is
/// remembered as opened by the identity that it comes from.
///
/// One flow for each identity of a VPC, in `vpc:`, since a target may be spoken to by any of them.
public final class RememberedConnections implements FlowRule<Identity> {

  @Override
  public Kind<Identity> subject() {
    return Identity.KIND;
  }

  @Override
  public FlowSet home(Identity identity) {
    return FlowSet.vpc(identity.id().vpc());
  }

  @Override
  public void compile(Identity identity, View view, FlowSink flows) {
    add(view.require(identity.id().vpc()), identity.id().number(), flows);
  }

  private static void add(Vpc vpc, int identity, FlowSink flows) {
    flows.add(
        Stage.SETTLE_IN,
        Ranks.REMEMBERED,
        Match.allOf(
            Registers.VPC.is(vpc.tag()),
            Registers.SOURCE_IDENTITY.is(identity),
            Registers.ALLOWED.is(1),
            Tracking.rememberedAs(identity)),
        Stage.DELIVER.goTo());
  }

  /// The same for what comes from no identity.
  public static final class OfStrangers implements FlowRule<Vpc> {

    @Override
    public String name() {
      return "RememberedConnectionsOfStrangers";
    }

    @Override
    public Kind<Vpc> subject() {
      return Vpc.KIND;
    }

    @Override
    public FlowSet home(Vpc vpc) {
      return FlowSet.vpc(vpc.id());
    }

    @Override
    public void compile(Vpc vpc, View view, FlowSink flows) {
      add(vpc, 0, flows);
    }
  }
}

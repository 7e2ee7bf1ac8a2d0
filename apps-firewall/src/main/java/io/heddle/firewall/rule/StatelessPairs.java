package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Identity;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.policy.Posture;

/// Lets packets between two identities pass without connection tracking, where both allow
/// everything in both directions: each packet is admitted by the rules of its own direction, at
/// both ends, so there is nothing to remember.
///
/// One conjunction for each VPC, of its open identities as source and as target, in `vpc:`; its
/// number is the VPC's tag. Where the packet leaves for another host, the target's identity is not
/// known; it need not be when all identities of the VPC are open.
public final class StatelessPairs implements FlowRule<Identity> {

  @Override
  public Kind<Identity> subject() {
    return Identity.KIND;
  }

  @Override
  public void compile(Identity identity, View view, FlowSink flows) {
    if (!isOpen(identity, view)) {
      return;
    }
    Vpc vpc = view.require(identity.id().vpc());
    int number = identity.id().number();
    FlowSink.Target set = flows.in(FlowSet.vpc(vpc.id()));
    for (Stage stage : new Stage[] {Stage.TRACK_OUT, Stage.TRACK_IN}) {
      addClause(set, stage, vpc, Registers.SOURCE_IDENTITY.is(number), 1);
      addClause(set, stage, vpc, Registers.TARGET_IDENTITY.is(number), 2);
    }
  }

  private static void addClause(
      FlowSink.Target set, Stage stage, Vpc vpc, Match identity, int clause) {
    Match match = Match.allOf(Match.IPV4, Registers.VPC.is(vpc.tag()), identity);
    set.add(stage, Ranks.CONNECTION + 10, match, new Action.Conjunction(vpc.tag(), clause, 2));
  }

  private static boolean isOpen(Identity identity, View view) {
    return Posture.of(identity.groups().stream().map(view::require).toList()).needsNoState();
  }

  /// What becomes of such packets.
  public static final class Pass implements FlowRule<Vpc> {

    @Override
    public String name() {
      return "StatelessPass";
    }

    @Override
    public Kind<Vpc> subject() {
      return Vpc.KIND;
    }

    @Override
    public void compile(Vpc vpc, View view, FlowSink flows) {
      FlowSink.Target set = flows.in(FlowSet.vpc(vpc.id()));
      Match both = Match.IPV4.and(Field.of(Header.CONJ_ID).is(vpc.tag()));
      set.add(Stage.TRACK_OUT, Ranks.CONNECTION + 10, both, Stage.NAT_OUT.goTo());
      set.add(Stage.TRACK_IN, Ranks.CONNECTION + 10, both, Stage.DELIVER.goTo());
      if (allOpen(vpc, view)) {
        addClause(set, Stage.TRACK_OUT, vpc, Registers.TARGET_IDENTITY.is(0), 2);
      }
    }

    private static boolean allOpen(Vpc vpc, View view) {
      return view.findBy(Identity.KIND, Identity.BY_VPC, vpc.id()).stream()
          .allMatch(identity -> isOpen(identity, view));
    }
  }
}

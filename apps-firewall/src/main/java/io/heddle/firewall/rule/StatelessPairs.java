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
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.policy.Posture;
import java.util.List;

/// Lets packets between two identities pass without connection tracking, where both allow
/// everything in both directions: each packet is admitted by the rules of its own direction, at
/// both ends, so there is nothing to remember.
///
/// Both directions must agree on it, or the answer to what nobody remembers would be invalid. They
/// do, since both ends' hosts know both identities: one conjunction for each VPC, of its open
/// identities as source and as target, numbered with the VPC's tag. An identity with a group that
/// logs what it accepts is left out: only state tells what opens a connection.
public final class StatelessPairs implements FlowRule<Identity> {

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
    List<SecurityGroup> groups = identity.groups().stream().map(view::require).toList();
    boolean logged = groups.stream().anyMatch(group -> group.logging().accepts());
    if (!Posture.of(groups).needsNoState() || logged) {
      return;
    }
    Vpc vpc = view.require(identity.id().vpc());
    int number = identity.id().number();
    for (Stage stage : List.of(Stage.TRACK_OUT, Stage.TRACK_IN)) {
      Match here = Registers.VPC.is(vpc.tag());
      Match source = here.and(Registers.SOURCE_IDENTITY.is(number));
      Match target = here.and(Registers.TARGET_IDENTITY.is(number));
      flows.add(stage, Ranks.STATELESS, source, new Action.Conjunction(vpc.tag(), 1, 2));
      flows.add(stage, Ranks.STATELESS, target, new Action.Conjunction(vpc.tag(), 2, 2));
    }
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
    public FlowSet home(Vpc vpc) {
      return FlowSet.vpc(vpc.id());
    }

    @Override
    public void compile(Vpc vpc, View view, FlowSink flows) {
      Match both = Field.of(Header.CONJ_ID).is(vpc.tag());
      flows.add(Stage.TRACK_OUT, Ranks.STATELESS, both, Stage.NAT_OUT.goTo());
      flows.add(Stage.TRACK_IN, Ranks.STATELESS, both, Stage.DELIVER.goTo());
    }
  }
}

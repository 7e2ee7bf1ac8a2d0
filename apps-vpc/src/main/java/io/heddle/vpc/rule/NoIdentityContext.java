package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Vpc;

/// Carries across the overlay what has no identity in this VPC, as [IdentityContext] does for what
/// has one.
///
/// Before: a packet that is not from a port of the VPC. After: it crosses with the VPC's own VNI,
/// and identity 0.
final class NoIdentityContext implements FlowRule<Vpc> {

  private static final int NONE = 0;

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
    new Context(vpc, NONE, vpc.vni()).addTo(flows);
  }
}

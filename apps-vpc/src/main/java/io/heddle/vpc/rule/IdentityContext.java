package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Identity;
import io.heddle.core.model.Kind;

/// Carries an identity across the overlay, in the VNI.
///
/// Before: a packet for a remote port, with its source's identity in a register; or one out of the
/// tunnel, with a VNI. After: the first leaves through the tunnel with the identity's context VNI,
/// whose bit 23 says that it is a reply that its sender vouches for; the second has its VPC,
/// identity and reply flag back and goes on to `forward`.
final class IdentityContext implements FlowRule<Identity> {

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
    new Context(view.require(identity.id().vpc()), identity.id().number(), identity.vni())
        .addTo(flows);
  }
}

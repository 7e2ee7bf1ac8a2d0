package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Identity;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.firewall.log.PolicyLogging;

/// Brings to a host the policies of the ports that are plugged in there, and the rules of their
/// groups: both ends' rules are held where the end is, for what it opens, for what is opened to it
/// and for the replies of both. And the meter that what groups have logged passes: every host has
/// it, whether or not a group logs now, so that a group which begins to changes nothing of its
/// members.
public final class PolicySubscription implements FlowRule<Binding> {

  @Override
  public Kind<Binding> subject() {
    return Binding.KIND;
  }

  @Override
  public FlowSet home(Binding binding) {
    return FlowSet.host(binding.id().host());
  }

  @Override
  public void compile(Binding binding, View view, FlowSink flows) {
    Port port = view.require(binding.id().port());
    Identity identity = view.require(port.identityId());
    flows.meter(PolicyLogging.METER);
    flows.subscribe(FlowSet.policy(identity.id()));
    for (SecurityGroupId group : identity.groups()) {
      flows.subscribe(FlowSet.group(group));
    }
  }
}

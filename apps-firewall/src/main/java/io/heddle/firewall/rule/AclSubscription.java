package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Kind;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Port;

/// Brings to a host the network ACLs of the subnets that it has a port of.
public final class AclSubscription implements FlowRule<Binding> {

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
    NetworkAclId acl = view.require(port.subnet()).networkAcl();
    if (acl != null) {
      flows.subscribe(FlowSet.acl(acl));
    }
  }
}

package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.Host;
import io.heddle.core.model.Kind;

/// Makes a host one of the cluster's: brings it the global flows.
///
/// A host without a tunnel IP is not in the overlay yet and gets nothing.
final class HostMembership implements FlowRule<Host> {

  @Override
  public Kind<Host> subject() {
    return Host.KIND;
  }

  @Override
  public FlowSet home(Host host) {
    return FlowSet.host(host.id());
  }

  @Override
  public void compile(Host host, View view, FlowSink flows) {
    if (host.tunnelIp() != null) {
      flows.subscribe(FlowSet.GLOBAL);
    }
  }
}

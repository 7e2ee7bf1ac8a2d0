package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Host;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Kind;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;

/// Has every host take the tunnel packets of this one.
///
/// Before: a packet out of the tunnel port, from anybody. After: from a known host's tunnel IP it
/// goes on to `decode`; anything else is no flow's and dropped in `classify`.
final class HostAdmission implements FlowRule<Host> {

  @Override
  public Kind<Host> subject() {
    return Host.KIND;
  }

  @Override
  public FlowSet home(Host host) {
    return FlowSet.GLOBAL;
  }

  @Override
  public void compile(Host host, View view, FlowSink flows) {
    Ipv4Address tunnelIp = host.tunnelIp();
    if (tunnelIp == null) {
      return;
    }
    flows.add(
        Stage.CLASSIFY,
        Priority.NORMAL,
        Match.allOf(Match.inPort(Overlay.TUNNEL_OFPORT), Match.address(Header.TUN_SRC, tunnelIp)),
        Stage.DECODE.goTo());
  }
}

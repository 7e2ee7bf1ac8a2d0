package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Stage;
import io.heddle.vpc.dhcp.DhcpServer;
import java.util.List;

/// Brings a port's DHCP questions to the controller, so many a second.
///
/// Before: a DHCP client's packet (UDP 68 to 67, RFC 2131) of a port whose subnet has DHCP. After:
/// the controller has it, unless the port asks faster than its meter allows; what exceeds it is
/// dropped on the host.
final class DhcpPunt implements FlowRule<Binding> {

  /// A client sends four packets in its first seconds and two every few days.
  private static final int PACKETS_PER_SECOND = 10;

  private static final int BURST = 20;
  private static final int WHOLE_PACKET = 0xffff;

  private static final Match FROM_CLIENT =
      Match.allOf(
          Match.ipProtocol(Match.UDP), Match.of(Header.UDP_SRC, 68), Match.of(Header.UDP_DST, 67));

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
    if (!port.adminUp() || !view.require(port.subnet()).dhcp().enabled()) {
      return;
    }
    int meter = binding.ofport();
    flows.meter(new Meter(meter, PACKETS_PER_SECOND, BURST));
    flows.add(
        Stage.SERVICES,
        Priority.SPECIFIC,
        Tags.from(port).and(FROM_CLIENT),
        new Action.Controller(WHOLE_PACKET, List.of(DhcpServer.CODE), meter));
  }
}

package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.Comparator;
import java.util.Optional;

/// Finds the host that has the port a packet is for.
///
/// Before: a packet of the VPC to the port's MAC, from a local port. After: the tunnel's far end is
/// the host that the port is bound on, and the port's identity is known to whom policy asks. What
/// came out of a tunnel is never sent into one again. A port that is bound nowhere has no such
/// flow, and what is for it is dropped.
final class RemoteForward implements FlowRule<Port> {

  @Override
  public Kind<Port> subject() {
    return Port.KIND;
  }

  @Override
  public FlowSet home(Port port) {
    return FlowSet.vpc(port.vpc());
  }

  @Override
  public void compile(Port port, View view, FlowSink flows) {
    if (!port.adminUp()) {
      return;
    }
    farEnd(port, view)
        .ifPresent(tunnelIp ->
            flows.add(
                Stage.FORWARD,
                Priority.REMOTE,
                Match.allOf(
                    Tags.in(view.require(port.vpc())),
                    Registers.FROM_TUNNEL.is(0),
                    Match.mac(Header.ETH_DST, port.mac())),
                Actions.set(Header.TUN_DST, tunnelIp),
                Actions.set(Registers.REMOTE, 1),
                Actions.set(Registers.TARGET_IDENTITY, port.identity()),
                Stage.TRACK_OUT.goTo()));
  }

  /// While a machine moves, its port is bound on two hosts, and is reached on the old one.
  private static Optional<Ipv4Address> farEnd(Port port, View view) {
    return view.findBy(Binding.KIND, Binding.BY_PORT, port.id()).stream()
        .map(binding -> binding.id().host())
        .filter(host -> !host.equals(port.migratingTo()))
        .min(Comparator.<HostId>naturalOrder())
        .flatMap(view::find)
        .flatMap(host -> Optional.ofNullable(host.tunnelIp()));
  }
}

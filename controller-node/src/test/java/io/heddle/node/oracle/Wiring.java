package io.heddle.node.oracle;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.flow.Header;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.PortId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.store.Image;
import io.heddle.core.trace.Conntrack;
import io.heddle.core.trace.FlowTables;
import io.heddle.core.trace.Packet;
import io.heddle.core.trace.Trace;
import io.heddle.core.trace.Tracer;
import io.heddle.core.trace.Verdict;
import io.heddle.firewall.log.PolicyLogging.Remark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The hosts and the overlay between them: each host's flows as they are now, and the connections
/// that it remembers.
final class Wiring {

  private final RandomCloud cloud;
  private final Map<HostId, Conntrack> conntracks = new HashMap<>();

  Wiring(RandomCloud cloud) {
    this.cloud = cloud;
  }

  /// A packet that left a host by a port that is no tunnel.
  record Delivery(PortId port, Packet packet) {}

  /// All that came of one packet.
  ///
  /// @param punts questions to the controller
  /// @param remarks what groups have had logged of it
  /// @param traces one for each host that it met
  record Outcome(
      List<Delivery> deliveries,
      List<Verdict.Punt<CompiledFlow>> punts,
      List<Remark> remarks,
      List<Trace<CompiledFlow>> traces) {

    String way() {
      StringBuilder way = new StringBuilder();
      for (Trace<CompiledFlow> trace : traces) {
        way.append(trace.summary()).append('\n');
        way.append(trace.explain(flow -> flow.unit().toString())).append('\n');
      }
      return way.toString();
    }
  }

  Outcome send(PortId from, Packet packet) {
    Outcome outcome =
        new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Binding source : cloud.image().findBy(Binding.KIND, Binding.BY_PORT, from)) {
      enter(source.id().host(), packet.enteringAt(source.ofport()), outcome);
    }
    return outcome;
  }

  private void enter(HostId host, Packet packet, Outcome outcome) {
    FlowTables<CompiledFlow> tables = cloud.tables(host);
    Conntrack conntrack = conntracks.computeIfAbsent(host, _ -> new Conntrack());
    Trace<CompiledFlow> trace = Tracer.trace(tables, packet, conntrack);
    outcome.traces().add(trace);
    for (Verdict.Punt<CompiledFlow> punt : trace.punts()) {
      Optional<Remark> remark = Remark.read(punt.userdata());
      remark.ifPresentOrElse(outcome.remarks()::add, () -> outcome.punts().add(punt));
    }
    for (Verdict.Output<CompiledFlow> output : trace.outputs()) {
      if (output.ofport() == Overlay.TUNNEL_OFPORT) {
        cross(host, output.packet(), outcome);
      } else {
        outcome.deliveries().add(new Delivery(portAt(host, output.ofport()), output.packet()));
      }
    }
  }

  private void cross(HostId host, Packet packet, Outcome outcome) {
    Ipv4Address near = Objects.requireNonNull(cloud.image().require(host).tunnelIp());
    Ipv4Address far = packet.address(Header.TUN_DST);
    for (Host other : cloud.image().findBy(Host.KIND, Host.BY_TUNNEL_IP, far)) {
      Packet.Path ends = new Packet.Path(near, far);
      enter(
          other.id(),
          packet.enteringFromTunnel(Overlay.TUNNEL_OFPORT, packet.get(Header.TUN_ID), ends),
          outcome);
    }
  }

  private PortId portAt(HostId host, int ofport) {
    Image image = cloud.image();
    return image.findBy(Binding.KIND, Binding.BY_HOST, host).stream()
        .filter(binding -> binding.ofport() == ofport)
        .map(binding -> binding.id().port())
        .findFirst()
        .orElseThrow(() -> new AssertionError("%s has no port %d".formatted(host, ofport)));
  }
}

package io.heddle.vpc;

import io.heddle.core.compile.UnitId;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.ConnectionTracking;
import io.heddle.core.trace.FlowTables;
import io.heddle.core.trace.Packet;
import io.heddle.core.trace.Trace;
import io.heddle.core.trace.Tracer;
import io.heddle.core.trace.Verdict;
import java.util.ArrayList;
import java.util.List;

/// Follows a packet from a port over all hosts that it comes to.
///
/// @param hops one for each host
record Walk(List<Hop> hops) {

  record Hop(HostId host, Trace<UnitId> trace) {}

  static Walk from(Cloud cloud, Port port, Packet packet) {
    Binding at = cloud.image().findBy(Binding.KIND, Binding.BY_PORT, port.id()).iterator().next();
    return entering(cloud, at.id().host(), packet.enteringAt(at.ofport()));
  }

  static Walk entering(Cloud cloud, HostId host, Packet packet) {
    List<Hop> hops = new ArrayList<>();
    visit(cloud, host, packet, hops);
    return new Walk(hops);
  }

  private static void visit(Cloud cloud, HostId host, Packet packet, List<Hop> hops) {
    FlowTables<UnitId> tables =
        FlowTables.of(
            cloud.flows(host).stream()
                .map(flow -> new FlowTables.Entry<>(flow.flow(), flow.unit()))
                .toList());
    Trace<UnitId> trace =
        Tracer.trace(tables, packet, ConnectionTracking.saying(List.of(CtState.NEW)));
    hops.add(new Hop(host, trace));
    Ipv4Address here = cloud.image().require(host).tunnelIp();
    for (Verdict.Output<UnitId> output : trace.outputs()) {
      if (output.ofport() == Overlay.TUNNEL_OFPORT) {
        Packet sent = output.packet();
        Ipv4Address there = sent.address(Header.TUN_DST);
        Host far = cloud.image().findBy(Host.KIND, Host.BY_TUNNEL_IP, there).iterator().next();
        Packet received =
            sent.enteringFromTunnel(
                Overlay.TUNNEL_OFPORT, sent.get(Header.TUN_ID), new Packet.Path(here, there));
        visit(cloud, far.id(), received, hops);
      }
    }
  }

  /// Where the packet left the last host, as `host:ofport`; `host: verdict` where it did not.
  String end() {
    Hop last = hops.getLast();
    List<Verdict.Output<UnitId>> outputs = last.trace().outputs();
    return outputs.isEmpty()
        ? last.host() + ": " + last.trace().verdicts().getLast().getClass().getSimpleName()
        : last.host() + ":" + outputs.getLast().ofport();
  }

  /// The packet as it left the last host.
  Packet delivered() {
    return hops.getLast().trace().outputs().getLast().packet();
  }

  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    for (Hop hop : hops) {
      lines.add(hop.host() + " " + hop.trace().summary());
    }
    return String.join("\n", lines);
  }
}

package io.heddle.firewall.site;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Header;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Conntrack;
import io.heddle.core.trace.FlowTables;
import io.heddle.core.trace.Packet;
import io.heddle.core.trace.Trace;
import io.heddle.core.trace.Tracer;
import io.heddle.core.trace.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Carries packets between the ports of a site, through the flows of their hosts as they are now,
/// with what each host remembers of connections.
public final class Wire {

  private final Site site;
  private final Map<HostId, Conntrack> conntracks = new HashMap<>();
  private final List<Trace<?>> way = new ArrayList<>();

  public Wire(Site site) {
    this.site = site;
  }

  /// Sends a packet and tells whether it came to the port.
  public boolean send(String from, String to, Packet packet) {
    way.clear();
    Binding source = site.binding(from);
    Binding target = site.binding(to);
    Trace<?> first = trace(source.id().host(), packet.enteringAt(source.ofport()));
    if (first.outputs().isEmpty()) {
      return false;
    }
    Verdict.Output<?> out = first.outputs().getFirst();
    if (out.ofport() != Overlay.TUNNEL_OFPORT) {
      return out.ofport() == target.ofport() && source.id().host().equals(target.id().host());
    }
    Ipv4Address near = tunnelIp(source.id().host());
    Ipv4Address far = out.packet().address(Header.TUN_DST);
    Packet arriving =
        out.packet()
            .enteringFromTunnel(
                Overlay.TUNNEL_OFPORT, out.packet().get(Header.TUN_ID), new Packet.Path(near, far));
    if (!far.equals(tunnelIp(target.id().host()))) {
      throw new AssertionError("tunnelled to " + far);
    }
    Trace<?> second = trace(target.id().host(), arriving);
    return !second.outputs().isEmpty() && second.outputs().getFirst().ofport() == target.ofport();
  }

  private Ipv4Address tunnelIp(HostId id) {
    Host host = site.image().require(id);
    return Objects.requireNonNull(host.tunnelIp());
  }

  private Trace<?> trace(HostId host, Packet packet) {
    FlowTables<String> tables =
        FlowTables.of(
            site.flowsOf(host).stream()
                .map(flow -> new FlowTables.Entry<>(flow.flow(), flow.unit().toString()))
                .toList());
    Trace<String> trace =
        Tracer.trace(tables, packet, conntracks.computeIfAbsent(host, k -> new Conntrack()));
    way.add(trace);
    return trace;
  }

  /// The way that the last packet took, one line a host.
  public String way() {
    return String.join("\n", way.stream().map(Trace::summary).toList());
  }

  /// How often the last packet began again after connection tracking, on each host that it met.
  public List<Integer> passes() {
    return way.stream()
        .map(trace ->
            1
                + (int)
                    trace.hops().stream()
                        .flatMap(hop -> hop.steps().stream())
                        .filter(step -> step.action() instanceof Action.Ct ct && ct.table() != null)
                        .count())
        .toList();
  }

  public Packet tcp(String from, String to, int sourcePort, int targetPort) {
    return Packet.tcp(link(from, to), path(from, to), sourcePort, targetPort);
  }

  /// A segment of an open connection, in either direction.
  public Packet segment(String from, String to, int sourcePort, int targetPort) {
    return tcp(from, to, sourcePort, targetPort).tcpFlags(Packet.TCP_ACK | Packet.TCP_PSH);
  }

  public Packet synAck(String from, String to, int sourcePort, int targetPort) {
    return tcp(from, to, sourcePort, targetPort).tcpFlags(Packet.TCP_SYN | Packet.TCP_ACK);
  }

  public Packet udp(String from, String to, int sourcePort, int targetPort) {
    return Packet.udp(link(from, to), path(from, to), sourcePort, targetPort);
  }

  public Packet ping(String from, String to) {
    return Packet.ping(link(from, to), path(from, to), 1);
  }

  public Packet pong(String from, String to) {
    return Packet.icmp(link(from, to), path(from, to), Packet.ICMP_ECHO_REPLY, 0).icmpId(1);
  }

  public Packet unreachable(String from, String to, Packet about) {
    return Packet.icmpError(link(from, to), path(from, to), Packet.ICMP_UNREACHABLE, about);
  }

  public Packet.Link link(String from, String to) {
    return new Packet.Link(site.port(from).mac(), site.port(to).mac());
  }

  public Packet.Path path(String from, String to) {
    return new Packet.Path(address(site.port(from)), address(site.port(to)));
  }

  public Packet.Path path6(String from, String to) {
    return new Packet.Path(
        site.port(from).ipv6Addresses().getFirst(), site.port(to).ipv6Addresses().getFirst());
  }

  private static Ipv4Address address(Port port) {
    return port.addresses().getFirst();
  }

  /// Opens a TCP connection: true when all three packets arrive.
  public boolean opens(String from, String to, int targetPort) {
    return opens(from, to, 40_000, targetPort);
  }

  public boolean opens(String from, String to, int sourcePort, int targetPort) {
    return send(from, to, tcp(from, to, sourcePort, targetPort))
        && send(to, from, synAck(to, from, targetPort, sourcePort))
        && send(from, to, segment(from, to, sourcePort, targetPort));
  }

  public boolean pings(String from, String to) {
    return send(from, to, ping(from, to)) && send(to, from, pong(to, from));
  }
}

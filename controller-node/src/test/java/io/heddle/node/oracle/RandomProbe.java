package io.heddle.node.oracle;

import io.heddle.core.model.AddressPair;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Packet;
import io.heddle.testkit.random.Seeded;
import java.util.List;
import java.util.Objects;

/// Packets that VMs send: mostly to each other, as a well-behaved stack would; some to nobody, some
/// in another's name.
final class RandomProbe {

  private static final List<Integer> PORTS =
      List.of(22, 53, 54, 67, 80, 81, 106, 107, 108, 547, 1400, 1401);

  private final RandomCloud cloud;
  private final Seeded seeded;

  RandomProbe(RandomCloud cloud, Seeded seeded) {
    this.cloud = cloud;
    this.seeded = seeded;
  }

  Probe from(PortId from) {
    Port source = cloud.port(from);
    boolean ipv6 = !source.ipv6Addresses().isEmpty() && seeded.percent(40);
    IpAddress target = target(source, ipv6);
    MacAddress sourceMac = seeded.percent(3) ? anyMac() : senderMac(source);
    MacAddress targetMac = seeded.percent(5) ? anyMac() : nextHop(source, target);
    Probe.Traffic traffic =
        switch (seeded.below(8)) {
          case 0, 1, 2 -> new Probe.Traffic(Probe.TCP, 40_000, seeded.pick(PORTS));
          case 3, 4 ->
              new Probe.Traffic(Probe.UDP, seeded.pickOf(40_000, 68, 67, 546), seeded.pick(PORTS));
          case 5 -> new Probe.Traffic(Probe.GRE, 0, 0);
          default ->
              ipv6
                  ? new Probe.Traffic(Probe.ICMPV6, 7, Probe.ECHO_V6)
                  : new Probe.Traffic(Probe.ICMP, 7, Probe.ECHO);
        };
    return new Probe(
        new Probe.Ends<>(sourceMac, targetMac),
        new Probe.Ends<>(sender(source, ipv6), target),
        traffic,
        seeded.percent(4) ? seeded.between(0, 2) : 64);
  }

  /// Mostly its own; now and then that of an allowed pair.
  private MacAddress senderMac(Port source) {
    return source.allowedPairs().stream()
        .map(AddressPair::mac)
        .filter(Objects::nonNull)
        .findFirst()
        .filter(mac -> seeded.percent(20))
        .orElse(source.mac());
  }

  /// Mostly itself; now and then somebody else, or one of its allowed addresses.
  private IpAddress sender(Port source, boolean ipv6) {
    if (!source.allowedPairs().isEmpty() && seeded.percent(30)) {
      int last = seeded.between(0, 9);
      return ipv6
          ? Ipv6Address.parse("fd00:1:0:9::%d".formatted(last))
          : Ipv4Address.parse("10.0.9.%d".formatted(last));
    }
    if (seeded.percent(3)) {
      return anyAddress(ipv6);
    }
    return ipv6 ? source.ipv6Addresses().getFirst() : source.addresses().getFirst();
  }

  IpAddress target(Port source, boolean ipv6) {
    if (seeded.percent(85)) {
      Port other = cloud.port(seeded.pick(cloud.ports()));
      if (!ipv6) {
        return other.addresses().getFirst();
      }
      if (!other.ipv6Addresses().isEmpty()) {
        return other.ipv6Addresses().getFirst();
      }
    }
    Subnet subnet = cloud.image().require(source.subnet());
    if (seeded.flip()) {
      return anyAddress(ipv6);
    }
    return ipv6 ? subnet.ipv6Gateway().orElseThrow() : subnet.gateway();
  }

  /// What a VM's own routing makes of an address: in its subnet, the MAC that it is told; else the
  /// gateway's.
  MacAddress nextHop(Port source, IpAddress target) {
    Subnet subnet = cloud.image().require(source.subnet());
    return Reachability.isIn(subnet, target)
        ? new Reachability(cloud.image()).told(source.id(), target).orElse(anyMac())
        : Overlay.GATEWAY_MAC;
  }

  /// What the port that was reached sends back, by its own routing.
  Probe replyTo(Probe probe, PortId reached, boolean routed) {
    return replyTo(cloud, probe, reached, routed);
  }

  static Probe replyTo(RandomCloud cloud, Probe probe, PortId reached, boolean routed) {
    Port port = cloud.port(reached);
    Subnet subnet = cloud.image().require(port.subnet());
    boolean near = Reachability.isIn(subnet, probe.path().source());
    MacAddress back = routed || !near ? Overlay.GATEWAY_MAC : probe.link().source();
    return probe.reply(new Probe.Ends<>(port.mac(), back));
  }

  private MacAddress anyMac() {
    return seeded.percent(30)
        ? Overlay.GATEWAY_MAC
        : new MacAddress(0x0a00_0000_0000L + seeded.between(1, 8));
  }

  private IpAddress anyAddress(boolean ipv6) {
    if (ipv6) {
      return Ipv6Address.parse(
          seeded.percent(20)
              ? "2001:db8::9"
              : "fd00:1:0:%d::%d".formatted(seeded.between(0, 4), seeded.between(0, 9)));
    }
    return Ipv4Address.parse(
        seeded.percent(20)
            ? "203.0.113.9"
            : "10.0.%d.%d".formatted(seeded.between(0, 4), seeded.between(0, 9)));
  }

  static Packet packet(Probe probe, int tcpFlags) {
    Packet.Link link = new Packet.Link(probe.link().source(), probe.link().target());
    Packet.Path path = new Packet.Path(probe.path().source(), probe.path().target());
    Probe.Traffic traffic = probe.traffic();
    Packet packet =
        switch (traffic.protocol()) {
          case Probe.TCP ->
              Packet.tcp(link, path, traffic.sourcePort(), traffic.targetPort()).tcpFlags(tcpFlags);
          case Probe.UDP -> Packet.udp(link, path, traffic.sourcePort(), traffic.targetPort());
          case Probe.GRE -> Packet.ip(link, path, Probe.GRE);
          case Probe.ICMPV6 ->
              Packet.icmpv6(link, path, traffic.targetPort(), 0).icmpId(traffic.sourcePort());
          default -> Packet.icmp(link, path, traffic.targetPort(), 0).icmpId(traffic.sourcePort());
        };
    return packet.ttl(probe.ttl());
  }
}

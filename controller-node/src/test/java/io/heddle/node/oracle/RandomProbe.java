package io.heddle.node.oracle;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Packet;
import io.heddle.testkit.random.Seeded;
import java.util.List;

/// Packets that VMs send: mostly to each other, as a well-behaved stack would; some to nobody, some
/// in another's name.
final class RandomProbe {

  private static final List<Integer> PORTS =
      List.of(22, 53, 54, 67, 80, 81, 106, 107, 108, 1400, 1401);

  private final RandomCloud cloud;
  private final Seeded seeded;

  RandomProbe(RandomCloud cloud, Seeded seeded) {
    this.cloud = cloud;
    this.seeded = seeded;
  }

  Probe from(PortId from) {
    Port source = cloud.port(from);
    Ipv4Address target = target(source);
    MacAddress sourceMac = seeded.percent(3) ? anyMac() : source.mac();
    MacAddress targetMac = seeded.percent(5) ? anyMac() : nextHop(source, target);
    Ipv4Address address = seeded.percent(3) ? anyAddress() : source.addresses().getFirst();
    Probe.Traffic traffic =
        switch (seeded.below(8)) {
          case 0, 1, 2 -> new Probe.Traffic(Probe.TCP, 40_000, seeded.pick(PORTS));
          case 3, 4 -> new Probe.Traffic(Probe.UDP, seeded.pickOf(40_000, 68), seeded.pick(PORTS));
          case 5 -> new Probe.Traffic(Probe.GRE, 0, 0);
          default -> new Probe.Traffic(Probe.ICMP, 7, Probe.ECHO);
        };
    return new Probe(
        new Probe.Ends<>(sourceMac, targetMac),
        new Probe.Ends<>(address, target),
        traffic,
        seeded.percent(4) ? seeded.between(0, 2) : 64);
  }

  Ipv4Address target(Port source) {
    if (seeded.percent(85)) {
      Port other = cloud.port(seeded.pick(cloud.ports()));
      return other.addresses().getFirst();
    }
    Subnet subnet = cloud.image().require(source.subnet());
    return seeded.flip() ? subnet.gateway() : anyAddress();
  }

  /// What a VM's own routing makes of an address: in its subnet, the MAC that ARP tells; else the
  /// gateway's.
  MacAddress nextHop(Port source, Ipv4Address target) {
    Subnet subnet = cloud.image().require(source.subnet());
    return subnet.cidr().contains(target)
        ? new Reachability(cloud.image()).arp(source.id(), target).orElse(anyMac())
        : Overlay.GATEWAY_MAC;
  }

  /// What the port that was reached sends back, by its own routing.
  Probe replyTo(Probe probe, PortId reached, boolean routed) {
    Port port = cloud.port(reached);
    Subnet subnet = cloud.image().require(port.subnet());
    boolean near = subnet.cidr().contains(probe.path().source());
    MacAddress back = routed || !near ? Overlay.GATEWAY_MAC : probe.link().source();
    return probe.reply(new Probe.Ends<>(port.mac(), back));
  }

  private MacAddress anyMac() {
    return seeded.percent(30)
        ? Overlay.GATEWAY_MAC
        : new MacAddress(0x0a00_0000_0000L + seeded.between(1, 8));
  }

  private Ipv4Address anyAddress() {
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
          default -> Packet.icmp(link, path, traffic.targetPort(), 0).icmpId(traffic.sourcePort());
        };
    return packet.ttl(probe.ttl());
  }
}

package io.heddle.node.oracle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Peering;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Packet;
import io.heddle.node.oracle.Wiring.Delivery;
import io.heddle.node.oracle.Wiring.Outcome;
import io.heddle.testkit.random.Seeded;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Whatever a port sends, under whatever addresses, comes to ports of its own VPC and of its VPC's
/// active peers, and to nobody else: not to a VPC with the same addresses on the same hosts, nor to
/// a peer's peer, wherever routes point. Says nothing of policy, and needs nothing but who is
/// whose.
class OnlyPeersMeetTest {

  private static final int CLOUDS = 60;
  private static final int PROBES = 120;

  private final Map<String, Integer> met = new TreeMap<>();
  private int clouds;

  @Test
  void nobodyElseIsReached() {
    Seeded.check(CLOUDS, this::attack);
    if (clouds == CLOUDS) {
      assertTrue(met.getOrDefault("own", 0) > 10 * CLOUDS, met::toString);
      assertTrue(met.getOrDefault("peer", 0) > CLOUDS / 2, met::toString);
      assertTrue(met.getOrDefault("meant for a twin", 0) > CLOUDS, met::toString);
      assertTrue(met.getOrDefault("meant for a peer's peer", 0) > CLOUDS, met::toString);
    }
  }

  private void attack(Seeded seeded) {
    clouds++;
    RandomCloud cloud = new RandomCloud(seeded);
    RandomProbe probes = new RandomProbe(cloud, seeded);
    for (int i = 0; i < PROBES; i++) {
      PortId from = seeded.pick(cloud.ports());
      Port source = cloud.port(from);
      Port target = cloud.port(seeded.pick(cloud.ports()));
      Probe probe = seeded.flip() ? probes.from(from) : aimed(seeded, source, target, probes);
      count(cloud, source, target);
      Outcome outcome = new Wiring(cloud).send(from, RandomProbe.packet(probe, Packet.TCP_SYN));
      outcome.deliveries().forEach(delivery -> check(cloud, source, delivery, outcome));
    }
  }

  /// At somebody, by address and by MAC or gateway, whoever that is.
  private static Probe aimed(Seeded seeded, Port source, Port target, RandomProbe probes) {
    Probe probe = probes.from(source.id());
    MacAddress next = seeded.percent(70) ? Overlay.GATEWAY_MAC : target.mac();
    boolean ipv6 = !source.ipv6Addresses().isEmpty() && !target.ipv6Addresses().isEmpty();
    return new Probe(
        new Probe.Ends<>(source.mac(), next),
        ipv6 && probe.isIpv6()
            ? new Probe.Ends<>(source.ipv6Addresses().getFirst(), target.ipv6Addresses().getFirst())
            : new Probe.Ends<>(source.addresses().getFirst(), target.addresses().getFirst()),
        new Probe.Traffic(Probe.TCP, 40_000, 80),
        64);
  }

  private void count(RandomCloud cloud, Port source, Port target) {
    if (source.vpc().equals(target.vpc()) || peers(cloud, source.vpc()).contains(target.vpc())) {
      return;
    }
    Vpc own = cloud.image().require(source.vpc());
    boolean twin = own.cidrs().equals(cloud.image().require(target.vpc()).cidrs());
    met.merge(twin ? "meant for a twin" : "meant for a peer's peer", 1, Integer::sum);
  }

  private void check(RandomCloud cloud, Port source, Delivery delivery, Outcome outcome) {
    VpcId reached = cloud.port(delivery.port()).vpc();
    boolean own = reached.equals(source.vpc());
    assertTrue(
        own || peers(cloud, source.vpc()).contains(reached),
        () -> "%s reached %s%n%s".formatted(source, delivery.port(), outcome.way()));
    met.merge(own ? "own" : "peer", 1, Integer::sum);
  }

  private static Set<VpcId> peers(RandomCloud cloud, VpcId vpc) {
    Set<VpcId> peers = new HashSet<>();
    for (Peering peering : cloud.image().findBy(Peering.KIND, Peering.BY_VPC, vpc)) {
      if (peering.isActive()) {
        peers.add(peering.beyond(vpc).orElseThrow());
      }
    }
    return peers;
  }
}

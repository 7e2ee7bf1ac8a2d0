package io.heddle.node.oracle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.PortId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.Packet;
import io.heddle.node.oracle.Wiring.Outcome;
import io.heddle.testkit.lab.DummySwitch;
import io.heddle.testkit.lab.OvsSwitch;
import io.heddle.testkit.random.Seeded;
import io.heddle.testkit.trace.SwitchAgreement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A sample of the oracle's clouds on real Open vSwitch: it takes every flow of every host, and its
/// own trace of packets that VMs send, and of those that come out of tunnels, is ours.
class RealSwitchTest {

  private static final int CLOUDS = 6;
  private static final int PROBES = 20;
  private static final int PORTS = 7;
  private static final List<List<CtState>> STATES =
      List.of(
          List.of(CtState.NEW),
          List.of(CtState.ESTABLISHED),
          List.of(CtState.ESTABLISHED, CtState.REPLY));

  private int clouds;
  private int compared;

  @Test
  @Timeout(120)
  void openVSwitchAgrees() {
    try (DummySwitch ovs = DummySwitch.withBridge()) {
      for (int ofport = 1; ofport <= 2 * PORTS; ofport++) {
        ovs.addPort("p" + ofport, ofport);
      }
      ovs.addPort("tunnel", Overlay.TUNNEL_OFPORT);
      try (SwitchAgreement agreement = new SwitchAgreement(ovs)) {
        Seeded.check(CLOUDS, seeded -> compare(seeded, ovs, agreement));
      }
    }
    assertTrue(compared > clouds * PROBES / 2, () -> "only %d compared".formatted(compared));
  }

  private void compare(Seeded seeded, DummySwitch ovs, SwitchAgreement agreement) {
    clouds++;
    RandomCloud cloud = new RandomCloud(seeded);
    RandomProbe probes = new RandomProbe(cloud, seeded);
    for (HostId host : cloud.hosts()) {
      agreement.load(List.of());
      setMeters(ovs, cloud, host);
      agreement.load(cloud.entries(host).stream().map(entry -> entry.flow()).toList());
      for (int i = 0; i < PROBES; i++) {
        PortId from = seeded.pick(cloud.ports());
        Packet packet = inParts(RandomProbe.packet(probes.from(from), Packet.TCP_SYN), seeded);
        for (Binding source : cloud.image().findBy(Binding.KIND, Binding.BY_PORT, from)) {
          Outcome outcome = new Wiring(cloud).send(from, packet);
          boolean here = source.id().host().equals(host);
          check(
              agreement,
              here ? List.of(packet.enteringAt(source.ofport())) : arriving(outcome),
              seeded);
        }
      }
    }
  }

  private static Packet inParts(Packet packet, Seeded seeded) {
    return switch (seeded.below(6)) {
      case 0 -> packet.firstFragment();
      case 1 -> packet.laterFragment();
      default -> packet;
    };
  }

  /// What of a packet came out of a tunnel.
  private static List<Packet> arriving(Outcome outcome) {
    return outcome.traces().stream().skip(1).map(trace -> trace.packet()).toList();
  }

  private void check(SwitchAgreement agreement, List<Packet> packets, Seeded seeded) {
    for (Packet packet : packets) {
      if (agreement.check(packet, seeded.pick(STATES))) {
        compared++;
      }
    }
  }

  private static void setMeters(DummySwitch ovs, RandomCloud cloud, HostId host) {
    ovs.ofctl("del-meters", OvsSwitch.BR_INT);
    for (Meter meter : cloud.compiled().metersOf(host)) {
      ovs.ofctl(
          "add-meter",
          OvsSwitch.BR_INT,
          "meter=%d,pktps,burst,band=type=drop,rate=%d,burst_size=%d"
              .formatted(meter.id(), meter.packetsPerSecond(), meter.burst()));
    }
  }
}

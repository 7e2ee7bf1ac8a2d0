package io.heddle.node.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.flow.Header;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.trace.FlowTables;
import io.heddle.core.trace.Packet;
import io.heddle.core.trace.Trace;
import io.heddle.firewall.log.PolicyLogging.Verdict;
import io.heddle.node.oracle.Reachability.Fate;
import io.heddle.node.oracle.Wiring.Delivery;
import io.heddle.node.oracle.Wiring.Outcome;
import io.heddle.testkit.random.Seeded;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Oracle = trace, on random clouds and packets.
class OracleTest {

  private static final int CLOUDS = 40;
  private static final int PROBES = 250;

  /// Every change compiles the cloud once more, from scratch: fewer of them.
  private static final int CHANGING_CLOUDS = 12;

  private static final int CHANGING_PROBES = 25;
  private static final int CHANGES = 3;

  /// Of packets that are sent once more, in two parts.
  private static final int PERCENT_IN_PARTS = 30;

  private final Map<String, Integer> fates = new TreeMap<>();
  private int clouds;
  private int inParts;
  private int remarks;

  @Test
  void packetsGoWhereTheIntentSays() {
    Seeded.check(CLOUDS, this::probeOne);
    if (clouds == CLOUDS) {
      assertTrue(fates.getOrDefault("Delivered", 0) > 5 * CLOUDS, fates::toString);
      int packets = fates.values().stream().mapToInt(Integer::intValue).sum();
      assertTrue(packets >= 10_000, fates::toString);
      assertTrue(fates.getOrDefault("ACL_OUT", 0) > CLOUDS, fates::toString);
      assertTrue(fates.getOrDefault("ACL_IN", 0) > CLOUDS, fates::toString);
      assertTrue(fates.getOrDefault("SPOOFED", 0) > CLOUDS, fates::toString);
      assertTrue(fates.getOrDefault("EGRESS_RULES", 0) > CLOUDS, fates::toString);
      assertTrue(fates.getOrDefault("INGRESS_RULES", 0) > CLOUDS, fates::toString);
      assertTrue(fates.size() > 11, fates::toString);
      assertTrue(remarks > 5 * CLOUDS, () -> remarks + " packets were logged");
      assertTrue(inParts > 5 * CLOUDS, () -> inParts + " datagrams in parts arrived");
    }
  }

  private void probeOne(Seeded seeded) {
    clouds++;
    RandomCloud cloud = new RandomCloud(seeded);
    RandomProbe probes = new RandomProbe(cloud, seeded);
    Reachability intent = new Reachability(cloud.image());
    for (int i = 0; i < PROBES; i++) {
      PortId from = seeded.pick(cloud.ports());
      Probe probe = probes.from(from);
      Wiring wiring = new Wiring(cloud);
      Fate fate = intent.first(from, probe);
      fates.merge(name(fate), 1, Integer::sum);
      Outcome outcome = wiring.send(from, packet(probe, Packet.TCP_SYN));
      check(cloud.port(from), probe, fate, outcome);
      assertEquals(intent.told(from, probe), told(outcome), outcome::way);
      remarks += outcome.remarks().size();
      if (fate instanceof Fate.Delivered(PortId to, boolean routed)) {
        answer(cloud, wiring, new Talk(from, probe, to, probes.replyTo(probe, to, routed)));
      }
      if (seeded.percent(PERCENT_IN_PARTS)) {
        sendInParts(cloud, from, probe, fate);
      }
    }
  }

  /// In two parts, a datagram comes to where it would in one piece, and so does its answer. Where
  /// that is nowhere, no part of it comes to anybody, unless no host has to remember what it was.
  private void sendInParts(RandomCloud cloud, PortId from, Probe probe, Fate fate) {
    Wiring wiring = new Wiring(cloud);
    switch (fate) {
      case Fate.Delivered(PortId to, boolean routed) -> {
        checkParts(cloud.port(from), probe, fate, wiring, Packet.TCP_SYN);
        Probe reply = RandomProbe.replyTo(cloud, probe, to, routed);
        Fate back = new Reachability(cloud.image()).reply(to, reply);
        if (isAnswer(new Talk(from, probe, to, reply), back) && back instanceof Fate.Delivered) {
          checkParts(cloud.port(to), reply, back, wiring, Packet.TCP_SYN | Packet.TCP_ACK);
          inParts++;
        }
      }
      case Fate.Dropped dropped -> {
        Packet whole = packet(probe, Packet.TCP_SYN);
        check(cloud.port(from), probe, fate, wiring.send(from, whole.firstFragment()));
        Outcome later = wiring.send(from, whole.laterFragment());
        for (Delivery delivery : later.deliveries()) {
          boolean open = new Reachability(cloud.image()).areOpen(from, delivery.port());
          assertTrue(open, () -> "%s, yet a part arrives%n%s".formatted(fate, later.way()));
        }
      }
      case Fate.AnsweredByGateway answered -> {}
      case Fate.AskedController asked -> {}
    }
  }

  private static void checkParts(Port source, Probe probe, Fate fate, Wiring wiring, int tcpFlags) {
    Packet whole = packet(probe, tcpFlags);
    check(source, probe, fate, wiring.send(source.id(), whole.firstFragment()));
    check(source, probe, fate, wiring.send(source.id(), whole.laterFragment()));
  }

  /// The answer comes to the port that asked. Where that one spoke in another's name, it is no
  /// answer to whom it is sent to; and what an address sends to itself can't be told from its
  /// answer.
  private static void answer(RandomCloud cloud, Wiring wiring, Talk talk) {
    Fate fate = new Reachability(cloud.image()).reply(talk.server(), talk.reply());
    int flags = Packet.TCP_SYN | Packet.TCP_ACK;
    Outcome outcome = wiring.send(talk.server(), packet(talk.reply(), flags));
    if (isAnswer(talk, fate)) {
      check(cloud.port(talk.server()), talk.reply(), fate, outcome);
    }
  }

  private static boolean isAnswer(Talk talk, Fate fate) {
    boolean toItself = talk.probe().path().source().equals(talk.probe().path().target());
    boolean toAsker = !(fate instanceof Fate.Delivered(PortId to, _)) || to.equals(talk.client());
    return toAsker && !toItself;
  }

  private static Set<Reachability.Told> told(Outcome outcome) {
    return outcome.remarks().stream()
        .map(remark ->
            new Reachability.Told(
                remark.group(), remark.direction(), remark.verdict() == Verdict.ACCEPT))
        .collect(Collectors.toSet());
  }

  private static Packet packet(Probe probe, int tcpFlags) {
    return RandomProbe.packet(probe, tcpFlags);
  }

  private static String name(Fate fate) {
    return fate instanceof Fate.Dropped(var cause) ? cause.name() : fate.getClass().getSimpleName();
  }

  static void check(Port source, Probe probe, Fate fate, Outcome outcome) {
    assertEquals(
        fate instanceof Fate.Dropped ? "Dropped" : fate.toString(),
        seen(source, probe, outcome),
        () -> "%s says %s of %s%n%s".formatted(source.meta().name(), fate, probe, outcome.way()));
    outcome.traces().forEach(OracleTest::checkUnambiguous);
  }

  private static String seen(Port source, Probe probe, Outcome outcome) {
    if (!outcome.punts().isEmpty() && outcome.deliveries().isEmpty()) {
      return new Fate.AskedController().toString();
    }
    if (outcome.deliveries().size() != 1 || !outcome.punts().isEmpty()) {
      return outcome.deliveries().isEmpty() ? "Dropped" : outcome.deliveries().toString();
    }
    Delivery delivery = outcome.deliveries().getFirst();
    Packet packet = delivery.packet();
    boolean echoed =
        packet.get(Header.ICMPV6_TYPE) == Probe.ECHO_REPLY_V6
            || packet.get(Header.ICMP_TYPE) == Probe.ECHO_REPLY;
    if (delivery.port().equals(source.id()) && echoed) {
      return new Fate.AnsweredByGateway().toString();
    }
    boolean routed = packet.get(Header.IP_TTL) == probe.ttl() - 1L;
    boolean asSent = packet.get(Header.IP_TTL) == probe.ttl();
    MacAddress sender = routed ? Overlay.GATEWAY_MAC : probe.link().source();
    boolean intact = (routed || asSent) && packet.mac(Header.ETH_SRC).equals(sender);
    return intact ? new Fate.Delivered(delivery.port(), routed).toString() : "mangled " + packet;
  }

  /// No packet may meet two flows that Open vSwitch could choose between, unless they do the same.
  private static void checkUnambiguous(Trace<CompiledFlow> trace) {
    for (Trace.Hop<CompiledFlow> hop : trace.hops()) {
      FlowTables.Entry<CompiledFlow> match = hop.match();
      for (FlowTables.Entry<CompiledFlow> rival : hop.found().rivals()) {
        assertTrue(
            match != null && match.flow().actions().equals(rival.flow().actions()),
            () -> "either of two flows:\n" + trace.explain(flow -> flow.unit().toString()));
      }
    }
  }

  @Test
  void neighborsAreToldTheRealMac() {
    Seeded.check(CLOUDS, OracleTest::askAround);
  }

  private static void askAround(Seeded seeded) {
    RandomCloud cloud = new RandomCloud(seeded);
    RandomProbe probes = new RandomProbe(cloud, seeded);
    for (PortId from : cloud.ports()) {
      Port port = cloud.port(from);
      ask(cloud, port, probes.target(port, false));
      if (!port.ipv6Addresses().isEmpty()) {
        ask(cloud, port, probes.target(port, true));
      }
    }
  }

  private static void ask(RandomCloud cloud, Port port, IpAddress asked) {
    Packet question =
        switch (asked) {
          case Ipv4Address v4 ->
              Packet.arpRequest(port.mac(), new Packet.Path(port.addresses().getFirst(), v4));
          case Ipv6Address v6 ->
              Packet.solicitation(port.mac(), port.ipv6Addresses().getFirst(), v6);
        };
    Header teller = asked instanceof Ipv4Address ? Header.ARP_SHA : Header.ND_TLL;
    Outcome outcome = new Wiring(cloud).send(port.id(), question);
    Optional<MacAddress> told = new Reachability(cloud.image()).told(port.id(), asked);
    List<MacAddress> heard =
        outcome.deliveries().stream().map(d -> d.packet().mac(teller)).toList();
    assertEquals(told.stream().toList(), heard, () -> asked + "\n" + outcome.way());
  }

  /// A connection that was opened lives as long as the rules let it, and what they do not allow
  /// does not pass, whatever was remembered.
  @Test
  void rulesThatChangeCutAndAdmitAtOnce() {
    Seeded.check(CHANGING_CLOUDS, OracleTest::changeUnderTraffic);
  }

  private static void changeUnderTraffic(Seeded seeded) {
    RandomCloud cloud = new RandomCloud(seeded);
    RandomProbe probes = new RandomProbe(cloud, seeded);
    for (int i = 0; i < CHANGING_PROBES; i++) {
      PortId from = seeded.pick(cloud.ports());
      Probe probe = probes.from(from);
      Fate opened = new Reachability(cloud.image()).first(from, probe);
      if (!(opened instanceof Fate.Delivered(PortId to, boolean routed))) {
        continue;
      }
      Probe reply = probes.replyTo(probe, to, routed);
      Wiring wiring = new Wiring(cloud);
      wiring.send(from, packet(probe, Packet.TCP_SYN));
      wiring.send(to, packet(reply, Packet.TCP_SYN | Packet.TCP_ACK));
      for (int change = 0; change < CHANGES; change++) {
        cloud.changePolicy();
        exchange(cloud, wiring, new Talk(from, probe, to, reply), seeded.flip());
      }
    }
  }

  private record Talk(PortId client, Probe probe, PortId server, Probe reply) {}

  private static void exchange(RandomCloud cloud, Wiring wiring, Talk talk, boolean serverFirst) {
    Reachability intent = new Reachability(cloud.image());
    Fate fate = intent.first(talk.client(), talk.probe());
    if (serverFirst) {
      Outcome pushed = wiring.send(talk.server(), packet(talk.reply(), Packet.TCP_ACK));
      boolean mayOpen = intent.first(talk.server(), talk.reply()) instanceof Fate.Delivered;
      assertTrue(
          pushed.deliveries().isEmpty() || mayOpen || fate instanceof Fate.Delivered,
          () -> "%s, yet the server's push passes%n%s".formatted(fate, pushed.way()));
    }
    Outcome sent = wiring.send(talk.client(), packet(talk.probe(), Packet.TCP_ACK));
    // What the server may open, and perhaps has opened by its push, the client may answer.
    boolean answers = intent.first(talk.server(), talk.reply()) instanceof Fate.Delivered;
    if (fate instanceof Fate.Delivered || !answers) {
      check(cloud.port(talk.client()), talk.probe(), fate, sent);
    }
    if (fate instanceof Fate.Delivered) {
      answer(cloud, wiring, talk);
    }
  }
}

package io.heddle.testkit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.trace.ConnectionTracking;
import io.heddle.core.trace.Conntrack;
import io.heddle.core.trace.Packet;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.DummySwitch;
import io.heddle.testkit.random.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What our connection tracking says of sequences of packets is what Open vSwitch's userspace
/// datapath says when it gets them.
///
/// The packets are put together by the switch itself, with sequence numbers of zero: TCP goes no
/// further than its SYN+ACK.
class ConntrackAgreementTest {

  private static final int ZONE = 5;
  private static final int SEQUENCES = 2;
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<String> STATES =
      List.of("+new-rel", "+est-rpl", "+est+rpl", "+inv", "+rel-rpl", "+rel+rpl");
  private static final Pattern COUNTER = Pattern.compile("cookie=0x(\\d), .*n_packets=(\\d+),");
  private static final Packet.Link LINK =
      new Packet.Link(new MacAddress(0x0a00_0000_0001L), new MacAddress(0x0a00_0000_0002L));

  @Test
  @Timeout(120)
  void statesAgreeWithTheUserspaceDatapath() {
    try (DummySwitch ovs = DummySwitch.withBridge()) {
      ovs.addPort("p1", 1);
      ovs.replaceFlows(flows());
      Seeded.check(SEQUENCES, seeded -> compare(seeded, ovs));
    }
  }

  private static List<String> flows() {
    List<String> flows = new ArrayList<>();
    flows.add("table=0,ip actions=ct(table=1,zone=%d)".formatted(ZONE));
    for (String state : STATES) {
      String actions = state.startsWith("+new") ? "ct(commit,zone=%d)".formatted(ZONE) : "drop";
      flows.add(
          "cookie=0x%d,table=1,ip,ct_state=%s+trk actions=%s"
              .formatted(STATES.indexOf(state) + 1, state, actions));
    }
    return flows;
  }

  private static void compare(Seeded seeded, DummySwitch ovs) {
    ovs.appctl("dpctl/flush-conntrack");
    Conntrack conntrack = new Conntrack();
    List<Packet> story = story(seeded);
    Map<String, Integer> before = counters(ovs);
    List<Packet> told = new ArrayList<>();
    for (Packet packet : story) {
      told.add(packet);
      ovs.appctl("netdev-dummy/receive", "p1", text(packet));
      Map<String, Integer> after = awaitOneMore(ovs, before);
      assertEquals(state(conntrack, packet), grown(before, after), () -> "the last of " + told);
      before = after;
    }
  }

  private static Map<String, Integer> awaitOneMore(DummySwitch ovs, Map<String, Integer> before) {
    Await.until(LIMIT, "the packet to be counted", () -> sum(counters(ovs)) > sum(before));
    return counters(ovs);
  }

  private static int sum(Map<String, Integer> counters) {
    return counters.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static String grown(Map<String, Integer> before, Map<String, Integer> after) {
    return after.keySet().stream()
        .filter(state -> !after.get(state).equals(before.get(state)))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Integer> counters(DummySwitch ovs) {
    ovs.appctl("revalidator/purge");
    Map<String, Integer> counters = new TreeMap<>();
    Matcher counter = COUNTER.matcher(ovs.ofctl("dump-flows", "br-int", "table=1"));
    while (counter.find()) {
      counters.put(
          STATES.get(Integer.parseInt(counter.group(1)) - 1), Integer.valueOf(counter.group(2)));
    }
    return counters;
  }

  private static String state(Conntrack conntrack, Packet packet) {
    Packet tracked = conntrack.pass(new ConnectionTracking.Pass(packet, ZONE, false, 0, 0));
    long bits = tracked.get(Header.CT_STATE);
    if ((bits & CtState.NEW.mask()) != 0) {
      conntrack.pass(new ConnectionTracking.Pass(packet, ZONE, true, 0, 0));
      return "+new-rel";
    }
    if ((bits & CtState.INVALID.mask()) != 0) {
      return "+inv";
    }
    String reply = (bits & CtState.REPLY.mask()) != 0 ? "+rpl" : "-rpl";
    return ((bits & CtState.RELATED.mask()) != 0 ? "+rel" : "+est") + reply;
  }

  /// TCP handshakes that get as far as their SYN+ACK, unasked-for ones too, among other traffic in
  /// both directions.
  private static List<Packet> story(Seeded seeded) {
    List<Packet> story = new ArrayList<>(seeded.list(15, 25, ConntrackAgreementTest::stateless));
    for (int port = 1000; port < 1003; port++) {
      Packet syn = Packet.tcp(LINK, path(false), port, 80);
      Packet answer = Packet.tcp(LINK, path(true), 80, port);
      answer = answer.tcpFlags(Packet.TCP_SYN | Packet.TCP_ACK);
      List<Packet> handshake =
          switch (seeded.below(3)) {
            case 0 -> List.of(syn, syn, answer);
            case 1 -> List.of(answer, syn, syn.tcpFlags(Packet.TCP_ACK));
            default -> List.of(syn.tcpFlags(Packet.TCP_ACK), syn.tcpFlags(Packet.TCP_FIN));
          };
      story.addAll(seeded.below(story.size()), handshake);
    }
    return story;
  }

  private static Packet stateless(Seeded seeded) {
    boolean back = seeded.flip();
    return switch (seeded.below(4)) {
      case 0 -> Packet.udp(LINK, path(back), back ? 53 : 5000, back ? 5000 : 53);
      case 1 ->
          Packet.icmp(
              LINK, path(back), back ? Packet.ICMP_ECHO_REPLY : Packet.ICMP_ECHO, seeded.below(2));
      case 2 -> Packet.ip(LINK, path(back), 47);
      default -> Packet.udp(LINK, path(back), 7, 7);
    };
  }

  private static Packet.Path path(boolean back) {
    Packet.Path path =
        new Packet.Path(Ipv4Address.parse("10.0.0.1"), Ipv4Address.parse("10.0.0.2"));
    return back ? path.reversed() : path;
  }

  /// In the syntax of datapath flows, of which the switch makes a packet.
  private static String text(Packet packet) {
    String l4 =
        switch ((int) packet.get(Header.IP_PROTO)) {
          case Match.TCP ->
              "tcp(src=%d,dst=%d),tcp_flags(%s)"
                  .formatted(packet.get(Header.TCP_SRC), packet.get(Header.TCP_DST), flags(packet));
          case Match.UDP ->
              "udp(src=%d,dst=%d)"
                  .formatted(packet.get(Header.UDP_SRC), packet.get(Header.UDP_DST));
          case Match.ICMP ->
              "icmp(type=%d,code=%d)"
                  .formatted(packet.get(Header.ICMP_TYPE), packet.get(Header.ICMP_CODE));
          default -> "";
        };
    return "in_port(1),eth(src=%s,dst=%s),eth_type(0x0800),ipv4(src=%s,dst=%s,proto=%d,tos=0,ttl=64,frag=no),%s"
        .formatted(
            LINK.source(),
            LINK.target(),
            packet.address(Header.IPV4_SRC),
            packet.address(Header.IPV4_DST),
            packet.get(Header.IP_PROTO),
            l4);
  }

  private static String flags(Packet packet) {
    List<String> flags = new ArrayList<>();
    Map<Integer, String> names =
        new TreeMap<>(Map.of(Packet.TCP_FIN, "fin", Packet.TCP_SYN, "syn", Packet.TCP_ACK, "ack"));
    names.forEach((bit, name) -> {
      if ((packet.tcpFlags() & bit) != 0) {
        flags.add(name);
      }
    });
    return String.join("|", flags);
  }
}

package io.heddle.openflow;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Flows at random that a real switch accepts: each header only where what it needs is matched,
/// each mask only where one may be.
public final class RandomFlows {

  /// Meters and groups that flows refer to: the switch must have these.
  public static final int METER = 7;

  public static final int GROUP = 9;

  private static final Set<Header> UNMASKED =
      EnumSet.of(
          Header.IN_PORT,
          Header.CONJ_ID,
          Header.CT_ZONE,
          Header.ETH_TYPE,
          Header.IP_PROTO,
          Header.IP_TTL,
          Header.CT_NW_PROTO,
          Header.ICMP_TYPE,
          Header.ICMP_CODE,
          Header.ICMPV6_TYPE,
          Header.ICMPV6_CODE,
          Header.ND_OPTIONS_TYPE,
          Header.ND_RESERVED,
          Header.ARP_OP);

  private static final List<Header> ANYWHERE =
      List.of(
          Header.METADATA,
          Header.TUN_ID,
          Header.TUN_SRC,
          Header.TUN_DST,
          Header.REG0,
          Header.REG1,
          Header.REG2,
          Header.REG3,
          Header.REG4,
          Header.REG5,
          Header.REG6,
          Header.REG7,
          Header.REG8,
          Header.REG9,
          Header.REG10,
          Header.REG11,
          Header.REG12,
          Header.REG13,
          Header.REG14,
          Header.REG15,
          Header.ETH_SRC,
          Header.ETH_DST);

  private static final List<Header> ARP =
      List.of(Header.ARP_OP, Header.ARP_SPA, Header.ARP_TPA, Header.ARP_SHA, Header.ARP_THA);

  private static final List<Header> IPV6_PATH =
      List.of(Header.IPV6_SRC_HIGH, Header.IPV6_SRC_LOW, Header.IPV6_DST_HIGH, Header.IPV6_DST_LOW);

  private static final List<Header> ND_TARGET =
      List.of(Header.ND_TARGET_HIGH, Header.ND_TARGET_LOW, Header.ND_RESERVED);

  private static final List<long[]> FRAGMENTS =
      List.of(
          new long[] {0, 3},
          new long[] {1, 1},
          new long[] {1, 3},
          new long[] {0, 2},
          // A later fragment has no ports: only where none is matched.
          new long[] {3, 3});

  private final Random random;

  public RandomFlows(long seed) {
    random = new Random(seed);
  }

  /// What kind of packet a flow is for decides which headers it may name.
  private enum Packet {
    ANY,
    ARP,
    IP,
    TCP,
    UDP,
    ICMP,
    IPV6,
    TCPV6,
    ICMPV6,
    SOLICITATION,
    ADVERTISEMENT;

    boolean isIpv6() {
      return compareTo(IPV6) >= 0;
    }
  }

  /// Flows of which no two have the same table, priority and match.
  public List<Flow> distinct(int count) {
    List<Flow> flows = new ArrayList<>();
    Set<Flow.Key> keys = new HashSet<>();
    while (flows.size() < count) {
      Flow flow = flow();
      if (keys.add(flow.key())) {
        flows.add(flow);
      }
    }
    return flows;
  }

  public Flow flow() {
    Packet packet = Packet.values()[random.nextInt(Packet.values().length)];
    Match match = match(packet);
    int table = random.nextInt(200);
    return new Flow(table, random.nextInt(0x10000), match, actions(packet, table));
  }

  private Match match(Packet packet) {
    Match match = some(ANYWHERE, 3);
    if (chance(4)) {
      match = match.and(some(List.of(Header.IN_PORT, Header.CONJ_ID), 2));
    }
    if (chance(3)) {
      long mask = 1 + random.nextInt(0x3f);
      // A commit of what is invalid would be refused.
      long value = random.nextLong() & mask & ~CtState.INVALID.mask();
      match = match.and(Match.of(Header.CT_STATE, value, mask));
      match = match.and(some(List.of(Header.CT_ZONE, Header.CT_MARK), 2));
    }
    if (packet == Packet.ARP) {
      return match.and(Match.ARP).and(some(ARP, 4));
    }
    if (packet.isIpv6()) {
      return match.and(ipv6(packet, match));
    }
    return packet == Packet.ANY ? match : match.and(ip(packet, match));
  }

  private Match ipv6(Packet packet, Match before) {
    Match match = Match.IPV6.and(some(IPV6_PATH, 4));
    if (chance(3) && before.terms().stream().noneMatch(t -> t.header() == Header.CT_STATE)) {
      match =
          match
              .and(Match.of(Header.CT_STATE, 0x22, 0x22))
              .and(Match.of(Header.CT_NW_PROTO, Match.UDP))
              .and(
                  some(
                      List.of(
                          Header.CT_IPV6_SRC_HIGH,
                          Header.CT_IPV6_SRC_LOW,
                          Header.CT_IPV6_DST_HIGH,
                          Header.CT_IPV6_DST_LOW,
                          Header.CT_TP_DST),
                      4));
    }
    return switch (packet) {
      case TCPV6 ->
          match.and(protocol(Match.TCP)).and(some(List.of(Header.TCP_SRC, Header.TCP_DST), 2));
      case ICMPV6 ->
          match
              .and(protocol(Match.ICMPV6))
              .and(some(List.of(Header.ICMPV6_TYPE, Header.ICMPV6_CODE), 2));
      case SOLICITATION -> match.and(neighbor(135)).and(some(List.of(Header.ND_SLL), 1));
      case ADVERTISEMENT ->
          match.and(neighbor(136)).and(some(List.of(Header.ND_TLL, Header.ND_OPTIONS_TYPE), 2));
      default -> match;
    };
  }

  private Match neighbor(int type) {
    return protocol(Match.ICMPV6)
        .and(Match.of(Header.ICMPV6_TYPE, type))
        .and(Match.of(Header.ICMPV6_CODE, 0))
        .and(some(ND_TARGET, 3));
  }

  private Match ip(Packet packet, Match before) {
    Match match = Match.IPV4.and(some(List.of(Header.IPV4_SRC, Header.IPV4_DST), 2));
    if (chance(4)) {
      match = match.and(Match.of(Header.IP_TTL, random.nextInt(256)));
    }
    if (chance(4)) {
      int kinds = packet == Packet.IP ? FRAGMENTS.size() : FRAGMENTS.size() - 1;
      long[] fragment = FRAGMENTS.get(random.nextInt(kinds));
      match = match.and(Match.of(Header.IP_FRAG, fragment[0], fragment[1]));
    }
    if (chance(3) && before.terms().stream().noneMatch(t -> t.header() == Header.CT_STATE)) {
      match = match.and(original());
    }
    return switch (packet) {
      case TCP ->
          match.and(protocol(Match.TCP)).and(some(List.of(Header.TCP_SRC, Header.TCP_DST), 2));
      case UDP ->
          match.and(protocol(Match.UDP)).and(some(List.of(Header.UDP_SRC, Header.UDP_DST), 2));
      case ICMP ->
          match.and(protocol(Match.ICMP)).and(some(List.of(Header.ICMP_TYPE, Header.ICMP_CODE), 2));
      case ANY, ARP, IP, IPV6, TCPV6, ICMPV6, SOLICITATION, ADVERTISEMENT -> match;
    };
  }

  /// The original direction's tuple, of a packet that has been tracked and is valid.
  private Match original() {
    return Match.of(Header.CT_STATE, 0x22, 0x22)
        .and(Match.of(Header.CT_NW_PROTO, chance(2) ? Match.TCP : Match.UDP))
        .and(
            some(
                List.of(Header.CT_NW_SRC, Header.CT_NW_DST, Header.CT_TP_SRC, Header.CT_TP_DST),
                4));
  }

  private static Match protocol(int number) {
    return Match.of(Header.IP_PROTO, number);
  }

  private Match some(List<Header> headers, int atMost) {
    List<Header> shuffled = new ArrayList<>(headers);
    Collections.shuffle(shuffled, random);
    Match match = Match.ANY;
    for (Header header : shuffled.subList(0, random.nextInt(atMost + 1))) {
      long mask = header.ones();
      if (!UNMASKED.contains(header) && chance(2)) {
        // ovs-ofctl takes a mask that begins with a decimal digit for a prefix length.
        mask &= header.isHalf() ? -1L << random.nextInt(60) : random.nextLong();
      }
      match = match.and(Match.of(header, value(header) & mask, mask));
    }
    return match;
  }

  private long value(Header header) {
    return switch (header) {
      case IN_PORT -> 1 + random.nextInt(0xfeff);
      case ARP_OP -> 1 + random.nextInt(2);
      default -> random.nextLong() & header.ones();
    };
  }

  private List<Action> actions(Packet packet, int table) {
    if (chance(8)) {
      return List.of(
          new Action.Conjunction(random.nextInt(), 1 + random.nextInt(3), 3),
          new Action.Conjunction(random.nextInt(), 1 + random.nextInt(64), 64));
    }
    List<Action> actions = new ArrayList<>();
    if (chance(8)) {
      actions.add(new Action.Meter(METER));
    }
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      actions.add(action(packet));
    }
    if (chance(4)) {
      actions.add(new Action.GotoTable(table + 1 + random.nextInt(50)));
    }
    return actions;
  }

  /// Among registers, or among the packet's own fields, which the switch may call by other names.
  private Action move(Packet packet) {
    if (chance(2)) {
      int bits = 1 + random.nextInt(32);
      return new Action.Move(register(bits), register(bits));
    }
    return switch (packet) {
      case ANY -> move(Header.ETH_SRC, Header.ETH_DST);
      case ARP ->
          chance(2) ? move(Header.ARP_SHA, Header.ARP_THA) : move(Header.ARP_SPA, Header.ARP_TPA);
      case IP, ICMP -> move(Header.IPV4_SRC, Header.IPV4_DST);
      case TCP -> move(Header.TCP_SRC, Header.TCP_DST);
      case UDP -> move(Header.UDP_SRC, Header.UDP_DST);
      case IPV6 ->
          chance(2)
              ? move(Header.IPV6_SRC_HIGH, Header.IPV6_DST_HIGH)
              : move(Header.IPV6_SRC_LOW, Header.IPV6_DST_LOW);
      case TCPV6 -> new Action.Move(new Field(Header.IPV6_DST_HIGH, 32, 63), Field.of(Header.REG8));
      case ICMPV6 -> move(Header.ICMPV6_TYPE, Header.ICMPV6_CODE);
      case SOLICITATION -> move(Header.ETH_SRC, Header.ND_SLL);
      case ADVERTISEMENT -> move(Header.ETH_SRC, Header.ND_TLL);
    };
  }

  private static Action move(Header from, Header to) {
    return new Action.Move(Field.of(from), Field.of(to));
  }

  private Action action(Packet packet) {
    return switch (random.nextInt(11)) {
      case 0 -> new Action.Output(1 + random.nextInt(0xfeff));
      case 1 -> new Action.InPort();
      case 2 -> new Action.OutputField(register(1 + random.nextInt(32)));
      case 3 -> controller();
      case 4 -> new Action.Resubmit(random.nextInt(255));
      case 5 -> new Action.GroupRef(GROUP);
      case 6 -> move(packet);
      case 7, 8 -> set(Field.of(settable(packet)));
      case 9 -> set(register(1 + random.nextInt(31)));
      default ->
          packet == Packet.ANY || packet == Packet.ARP
              ? set(new Field(Header.METADATA, 3, 40))
              : chance(3) ? new Action.DecTtl() : ct();
    };
  }

  private Header settable(Packet packet) {
    List<Header> headers = new ArrayList<>(ANYWHERE);
    switch (packet) {
      case ANY -> {}
      case ARP -> headers.addAll(ARP);
      case IP -> headers.addAll(List.of(Header.IPV4_SRC, Header.IPV4_DST, Header.IP_TTL));
      case TCP -> headers.addAll(List.of(Header.TCP_SRC, Header.TCP_DST));
      case UDP -> headers.addAll(List.of(Header.UDP_SRC, Header.UDP_DST));
      case ICMP -> headers.addAll(List.of(Header.ICMP_TYPE, Header.ICMP_CODE));
      case IPV6 -> headers.addAll(IPV6_PATH);
      case TCPV6 -> headers.addAll(List.of(Header.TCP_SRC, Header.IP_TTL));
      case ICMPV6 -> headers.add(Header.ICMPV6_TYPE);
      case SOLICITATION -> headers.addAll(List.of(Header.ND_SLL, Header.ND_OPTIONS_TYPE));
      case ADVERTISEMENT -> {
        headers.addAll(ND_TARGET);
        headers.add(Header.ND_TLL);
      }
    }
    return headers.get(random.nextInt(headers.size()));
  }

  private Action set(Field field) {
    long ones = field.mask() >>> field.low();
    return new Action.SetField(field, value(field.header()) & ones);
  }

  private Field register(int bits) {
    int low = random.nextInt(33 - bits);
    return new Field(Header.register(random.nextInt(16)), low, low + bits - 1);
  }

  private Action controller() {
    List<Byte> userdata = new ArrayList<>();
    int length = random.nextInt(20);
    for (int i = 0; i < length; i++) {
      userdata.add((byte) random.nextInt(256));
    }
    int maxLength = chance(2) ? 0xffff : random.nextInt(0xffff);
    return new Action.Controller(maxLength, userdata, chance(3) ? METER : 0);
  }

  private Action ct() {
    Action.Zone zone =
        chance(2)
            ? new Action.Zone.Constant(random.nextInt(0x10000))
            : new Action.Zone.In(register(16));
    if (chance(2)) {
      return new Action.Ct(false, zone, random.nextInt(255), List.of());
    }
    List<Action> exec = new ArrayList<>();
    if (chance(2)) {
      exec.add(set(Field.of(Header.CT_MARK)));
    }
    if (chance(2)) {
      exec.add(set(new Field(Header.CT_MARK, 4, 19)));
    }
    if (chance(2)) {
      exec.add(new Action.Move(Field.reg(2, 0, 15), new Field(Header.CT_MARK, 0, 15)));
    }
    return new Action.Ct(true, zone, chance(2) ? null : random.nextInt(255), exec);
  }

  /// True once in so many times.
  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }
}

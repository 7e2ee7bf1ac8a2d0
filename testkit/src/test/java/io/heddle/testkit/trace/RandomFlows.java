package io.heddle.testkit.trace;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import io.heddle.core.trace.Packet;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Flow tables without sense, and packets that hit them: every kind of match and action that we
/// use, over values so few that most things meet.
final class RandomFlows {

  static final int TABLES = 6;
  static final List<Integer> OFPORTS = List.of(1, 2, 3);
  private static final int MANY = 12;
  private static final List<Integer> L4_PORTS = List.of(53, 80, 81, 443);
  private static final List<Long> MASKS = List.of(1L, 2L, 3L, 0xffff_ffffL);

  private final Seeded seeded;
  private final Map<Flow.Key, Flow> flows = new LinkedHashMap<>();
  private int conjunctions;

  private RandomFlows(Seeded seeded) {
    this.seeded = seeded;
  }

  static List<Flow> flows(Seeded seeded) {
    RandomFlows random = new RandomFlows(seeded);
    for (int table = 0; table < TABLES; table++) {
      random.fill(table);
    }
    return new ArrayList<>(random.flows.values());
  }

  private void fill(int table) {
    List<Integer> priorities = new ArrayList<>();
    for (int i = 1; i <= MANY; i++) {
      priorities.add(i * 10);
    }
    for (int priority : seeded.subset(priorities, 3, MANY)) {
      if (seeded.percent(25)) {
        conjunctive(table, priority);
      } else {
        put(ordinary(table, priority, match(seeded.below(3))));
      }
    }
    if (seeded.percent(70)) {
      put(ordinary(table, 0, Match.ANY));
    }
  }

  private void put(Flow flow) {
    flows.putIfAbsent(flow.key(), flow);
  }

  /// One or two conjunctions of one priority, with two or three clauses each, some shared.
  private void conjunctive(int table, int priority) {
    int first = 100 * table + ++conjunctions;
    int clauses = seeded.between(2, 3);
    int second = seeded.flip() ? 100 * table + ++conjunctions : 0;
    for (int clause = 1; clause <= clauses; clause++) {
      for (Match match : seeded.list(1, 3, s -> match(1))) {
        List<Action> conjunctionActions = new ArrayList<>();
        conjunctionActions.add(new Action.Conjunction(first, clause, clauses));
        if (second != 0 && seeded.percent(60)) {
          conjunctionActions.add(new Action.Conjunction(second, clause, clauses));
        }
        put(new Flow(table, priority, match, conjunctionActions));
      }
    }
    for (int id : second == 0 ? List.of(first) : List.of(first, second)) {
      int own = seeded.percent(80) ? priority : Math.max(1, priority - seeded.between(1, 30));
      put(ordinary(table, own, Match.IPV4.and(Match.of(Header.CONJ_ID, id))));
    }
  }

  private Flow ordinary(int table, int priority, Match match) {
    boolean ip = match.terms().contains(Match.IPV4.terms().get(0));
    boolean arp = match.terms().contains(Match.ARP.terms().get(0));
    List<Action> actions = new ArrayList<>();
    for (int left = seeded.between(0, 4); left > 0; left--) {
      if (isIpv6(match) && seeded.percent(35)) {
        actions.addAll(ipv6Actions(table));
      } else {
        actions.add(action(table, ip, arp));
      }
    }
    if (table < TABLES - 1 && seeded.percent(65)) {
      actions.add(new Action.GotoTable(seeded.between(table + 1, TABLES - 1)));
    }
    return new Flow(table, priority, match, actions);
  }

  private Match match(int terms) {
    Match match =
        seeded.pickOf(
            Match.ANY,
            Match.IPV4,
            Match.IPV4,
            Match.ipProtocol(Match.TCP),
            Match.ipProtocol(Match.UDP),
            Match.ipProtocol(Match.ICMP),
            Match.IPV6,
            Match.ipv6Protocol(Match.TCP),
            Match.ipv6Protocol(Match.ICMPV6),
            Match.ARP);
    for (int left = terms; left > 0; left--) {
      try {
        match = match.and(term(match));
      } catch (IllegalArgumentException contradiction) {
        // Two terms that no packet meets together: one of them will do.
      }
    }
    return match;
  }

  private Match term(Match base) {
    boolean ip = base.terms().contains(Match.IPV4.terms().get(0));
    boolean tcp = base.toString().contains("nw_proto=6");
    if (isIpv6(base) && seeded.flip()) {
      return seeded.flip()
          ? Match.prefix(Header.IPV6_SRC_HIGH, prefix6())
          : Match.prefix(Header.IPV6_DST_HIGH, prefix6());
    }
    return switch (seeded.below(ip ? 9 : 5)) {
      case 0 -> Match.inPort(seeded.pick(OFPORTS));
      case 1, 2 -> masked(Header.register(seeded.below(4)));
      case 3 -> masked(seeded.flip() ? Header.METADATA : Header.TUN_ID);
      case 4 -> Match.mac(Header.ETH_DST, mac());
      case 5 -> Match.prefix(Header.IPV4_SRC, prefix());
      case 6 -> Match.prefix(Header.IPV4_DST, prefix());
      case 7 -> tcp ? Match.of(Header.TCP_DST, seeded.pick(L4_PORTS)) : masked(Header.CT_MARK);
      default -> ctState();
    };
  }

  private static boolean isIpv6(Match match) {
    return match.terms().contains(Match.IPV6.terms().get(0));
  }

  private Ipv6Prefix prefix6() {
    return Ipv6Prefix.of(address6(), seeded.pickOf(0, 16, 63, 64, 65, 127, 128));
  }

  private Ipv6Address address6() {
    return Ipv6Address.parse("fd00:%d::%d".formatted(seeded.below(2), seeded.below(4)));
  }

  private Match masked(Header header) {
    long mask = seeded.pick(MASKS);
    return Match.of(header, seeded.below(4) & mask, mask);
  }

  private Match ctState() {
    CtState on = seeded.pickOf(CtState.TRACKED, CtState.NEW, CtState.ESTABLISHED, CtState.REPLY);
    return seeded.flip()
        ? Match.ctState(List.of(on), List.of(CtState.INVALID))
        : Match.ctState(List.of(), List.of(on));
  }

  private Ipv4Prefix prefix() {
    return Ipv4Prefix.of(address(), seeded.pickOf(0, 23, 24, 30, 31, 32));
  }

  private Ipv4Address address() {
    return Ipv4Address.parse("10.0.%d.%d".formatted(seeded.below(2), seeded.below(4)));
  }

  private MacAddress mac() {
    return new MacAddress(0x0a00_0000_0000L + seeded.below(3));
  }

  private Action action(int table, boolean ip, boolean arp) {
    if (ip && seeded.percent(35)) {
      return ipAction(table);
    }
    if (arp && seeded.percent(35)) {
      return seeded.flip()
          ? Actions.set(Field.of(Header.ARP_OP), 2)
          : Actions.move(Header.ARP_SPA, Header.ARP_TPA);
    }
    return switch (seeded.below(11)) {
      case 0, 1 -> new Action.Output(seeded.pick(OFPORTS));
      case 2 -> new Action.OutputField(Field.reg(seeded.below(4), 0, 15));
      case 3 -> new Action.InPort();
      case 4, 5 -> Actions.set(part(seeded.below(4)), seeded.below(4));
      case 6 -> Actions.set(new Field(Header.METADATA, 0, 23), seeded.below(4));
      case 7 -> Actions.set(Field.of(Header.TUN_ID), seeded.below(4));
      case 8 -> Actions.move(Field.reg(seeded.below(4), 0, 15), Field.reg(seeded.below(4), 16, 31));
      case 9 -> Actions.set(Header.ETH_DST, mac());
      default -> resubmit(table);
    };
  }

  /// Mostly onwards; now and then back, where loops are.
  private Action resubmit(int table) {
    boolean back = table == TABLES - 1 || seeded.percent(4);
    return new Action.Resubmit(seeded.between(back ? 0 : table + 1, TABLES - 1));
  }

  private Field part(int register) {
    return seeded.flip()
        ? Field.reg(register, 0, 31)
        : Field.reg(register, seeded.below(3), seeded.between(4, 9));
  }

  private Action ipAction(int table) {
    return switch (seeded.below(5)) {
      case 0 -> new Action.DecTtl();
      case 1 -> Actions.set(Header.IPV4_DST, address());
      case 2 -> Actions.move(Field.of(Header.IPV4_SRC), Field.reg(3, 0, 31));
      default -> ct(table);
    };
  }

  private List<Action> ipv6Actions(int table) {
    return switch (seeded.below(5)) {
      case 0 -> List.of(new Action.DecTtl());
      case 1 -> Actions.set(Header.IPV6_DST_HIGH, address6());
      case 2 -> Actions.moveAddress(Header.IPV6_SRC_HIGH, Header.IPV6_DST_HIGH);
      case 3 -> List.of(Actions.move(new Field(Header.IPV6_SRC_LOW, 0, 31), Field.of(Header.REG3)));
      default -> List.of(ct(table));
    };
  }

  private Action ct(int table) {
    boolean commit = seeded.flip();
    Integer next =
        table < TABLES - 1 && seeded.percent(80) ? seeded.between(table + 1, TABLES - 1) : null;
    List<Action> exec =
        commit && seeded.flip()
            ? List.of(Actions.set(Field.of(Header.CT_MARK), seeded.below(4)))
            : List.of();
    Action.Zone zone =
        seeded.flip()
            ? new Action.Zone.Constant(7)
            : new Action.Zone.In(Field.reg(seeded.below(4), 0, 15));
    return new Action.Ct(commit, zone, next, exec);
  }

  static Packet packet(Seeded seeded) {
    RandomFlows random = new RandomFlows(seeded);
    Packet.Link link = new Packet.Link(random.mac(), random.mac());
    Packet.Path path = new Packet.Path(random.address(), random.address());
    int from = seeded.pick(L4_PORTS);
    int to = seeded.pick(L4_PORTS);
    Packet.Path path6 = new Packet.Path(random.address6(), random.address6());
    Packet packet =
        switch (seeded.below(9)) {
          case 6 -> Packet.tcp(link, path6, from, to);
          case 7 -> Packet.ping(link, path6, 1).ttl(seeded.between(0, 2));
          case 8 -> Packet.solicitation(link.source(), random.address6(), random.address6());
          case 0, 1 -> Packet.tcp(link, path, from, to);
          case 2 -> Packet.udp(link, path, from, to);
          case 3 -> Packet.ping(link, path, 1);
          case 4 -> Packet.arpRequest(link.source(), path);
          default -> Packet.tcp(link, path, from, to).ttl(seeded.between(0, 2));
        };
    return packet.enteringAt(seeded.pick(OFPORTS));
  }
}

package io.heddle.firewall.rule;

import static io.heddle.firewall.site.Site.everythingOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Header;
import io.heddle.core.model.Direction;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.trace.Packet;
import io.heddle.firewall.command.CreatePrefixList;
import io.heddle.firewall.policy.Family;
import io.heddle.firewall.policy.Permission;
import io.heddle.firewall.site.Site;
import io.heddle.firewall.site.Wire;
import io.heddle.testkit.lab.DummySwitch;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// However rules overlap, what they allow together is what each of them allows: random rules over
/// few addresses, groups and ports, so that they meet; ten lines that know no flows are the judge,
/// of our interpreter of flows and of a real Open vSwitch.
class UnionTest {

  private static final List<String> GROUPS = List.of("a", "b", "c");
  private static final List<String> PREFIXES =
      List.of(
          "0.0.0.0/0",
          "10.0.0.0/8",
          "10.0.0.0/29",
          "10.0.0.0/30",
          "10.0.0.2/31",
          "10.0.0.1/32",
          "::/0",
          "fd00::/16",
          "fd00::a00:0/125",
          "fd00::a00:2/127",
          "fd00::a00:1/128");
  private static final List<Service> SERVICES =
      List.of(
          Service.ANY,
          Site.tcp(80),
          Site.tcp(80, 91),
          Site.tcp(1, 65535),
          new Service.Tcp(Service.PortRange.ALL),
          Site.udp(80, 83),
          Service.Icmp.ALL,
          new Service.Icmp(8, -1),
          Service.Icmpv6.ALL,
          new Service.Icmpv6(128, 0),
          new Service.Protocol(47));
  private static final List<PrefixListId> LISTS =
      List.of(new PrefixListId(Site.uuid("list 1")), new PrefixListId(Site.uuid("list 2")));
  private static final int CLIENTS = 6;

  private final Site site = new Site();
  private final HostId host = site.createHost("hv1", "192.168.50.1");

  private void populate(Seeded random) {
    GROUPS.forEach(group -> site.createGroup(group, everythingOut()));
    for (PrefixListId list : LISTS) {
      List<PrefixList.Entry> entries =
          random.subset(PREFIXES, 1, 4).stream()
              .map(prefix -> new PrefixList.Entry(IpPrefix.parse(prefix), ""))
              .toList();
      site.run(new CreatePrefixList(list, Site.PROJECT, "list " + list, Map.of(), entries));
    }
    site.createGroup("server", everythingOut());
    for (int i = 1; i <= CLIENTS; i++) {
      List<String> groups = random.subset(GROUPS, 0, 3);
      groups.add(GROUPS.get(i % GROUPS.size()));
      site.putPort("p" + i, "10.0.0." + i, Set.copyOf(groups).toArray(String[]::new));
      site.plug("p" + i, host, i);
    }
    site.createGroup("server2");
    site.putPort("server", "10.0.0.100", "server", "server2");
    site.plug("server", host, 100);
  }

  private List<SecurityRule> rules(Seeded random) {
    List<SecurityRule> rules = new ArrayList<>();
    Set<Permission> known = new HashSet<>();
    for (int left = random.below(8); left >= 0; left--) {
      Remote remote =
          switch (random.below(6)) {
            case 0 -> Site.anywhere();
            case 1, 2 -> Site.cidr(random.pick(PREFIXES));
            case 3 -> new Remote.Prefixes(random.pick(LISTS));
            default -> Site.members(random.pick(GROUPS));
          };
      SecurityRule rule = Site.in(random.pick(SERVICES), remote);
      boolean sensible =
          !(remote instanceof Remote.Cidr(IpPrefix prefix))
              || Family.of(prefix).meets(Family.of(rule.service()));
      if (sensible && known.add(Permission.of(rule))) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private Packet packet(Seeded random, Wire wire, String from) {
    Packet.Link link = wire.link(from, "server");
    Packet.Path path = random.flip() ? wire.path(from, "server") : wire.path6(from, "server");
    int port = 78 + random.below(16);
    return switch (random.below(4)) {
      case 0, 1 -> Packet.tcp(link, path, 20_000 + random.below(40_000), port);
      case 2 -> Packet.udp(link, path, 20_000 + random.below(40_000), port);
      default -> Packet.ping(link, path, random.below(60_000));
    };
  }

  /// The judge.
  private boolean allows(List<SecurityRule> rules, Port source, Packet packet) {
    return rules.stream()
        .filter(rule -> rule.direction() == Direction.INGRESS)
        .anyMatch(
            rule -> speaksOf(rule.remote(), source, packet) && serves(rule.service(), packet));
  }

  private boolean speaksOf(Remote remote, Port source, Packet packet) {
    return switch (remote) {
      case Remote.Anywhere() -> true;
      case Remote.Cidr(IpPrefix prefix) -> prefix.contains(packet.path().source());
      case Remote.Prefixes(PrefixListId list) ->
          site.image().require(list).prefixes().stream()
              .anyMatch(prefix -> prefix.contains(packet.path().source()));
      case Remote.Group(SecurityGroupId group) -> source.groups().contains(group);
    };
  }

  private static boolean serves(Service service, Packet packet) {
    long protocol = packet.get(Header.IP_PROTO);
    return switch (service) {
      case Service.Any() -> true;
      case Service.Tcp(var range) -> protocol == 6 && within(range, packet.get(Header.TCP_DST));
      case Service.Udp(var range) -> protocol == 17 && within(range, packet.get(Header.UDP_DST));
      case Service.Icmpv6(int type, int code) ->
          protocol == 58
              && (type < 0 || type == packet.get(Header.ICMPV6_TYPE))
              && (code < 0 || code == packet.get(Header.ICMPV6_CODE));
      case Service.Icmp(int type, int code) ->
          protocol == 1
              && (type < 0 || type == packet.get(Header.ICMP_TYPE))
              && (code < 0 || code == packet.get(Header.ICMP_CODE));
      case Service.Protocol(int number) -> protocol == number;
    };
  }

  private static boolean within(Service.PortRange range, long port) {
    return range.from() <= port && port <= range.to();
  }

  /// The rules of two groups of one port, dealt out at random, and their replies.
  private List<SecurityRule> deal(Seeded random) {
    List<SecurityRule> first = rules(random);
    List<SecurityRule> second = rules(random);
    List<SecurityRule> all = new ArrayList<>(first);
    all.addAll(second);
    first.add(everythingOut());
    site.setRules("server", first.toArray(SecurityRule[]::new));
    site.setRules("server2", second.toArray(SecurityRule[]::new));
    return all;
  }

  @Test
  void ourInterpreterAgrees() {
    Seeded random = Seeded.of(11);
    populate(random);
    int allowed = 0;
    for (int round = 0; round < 30; round++) {
      List<SecurityRule> rules = deal(random);
      Wire wire = new Wire(site);
      for (int i = 0; i < 12; i++) {
        String from = "p" + (1 + random.below(CLIENTS));
        Packet packet = packet(random, wire, from);
        boolean expected = allows(rules, site.port(from), packet);
        boolean arrives = wire.send(from, "server", packet);
        assertEquals(expected, arrives, () -> "%s%n%s%n%s".formatted(packet, rules, wire.way()));
        if (arrives) {
          allowed++;
          assertEquals(true, wire.send("server", from, answer(packet)), wire::way);
        }
      }
    }
    assertTrue(allowed > 60 && allowed < 300, "both sides are tried: " + allowed);
  }

  private static Packet answer(Packet packet) {
    Packet.Link link = new Packet.Link(packet.mac(Header.ETH_DST), packet.mac(Header.ETH_SRC));
    Packet.Path path = packet.path().reversed();
    return switch ((int) packet.get(Header.IP_PROTO)) {
      case 6 ->
          Packet.tcp(link, path, (int) packet.get(Header.TCP_DST), (int) packet.get(Header.TCP_SRC))
              .tcpFlags(Packet.TCP_SYN | Packet.TCP_ACK);
      case 17 ->
          Packet.udp(
              link, path, (int) packet.get(Header.UDP_DST), (int) packet.get(Header.UDP_SRC));
      case 58 -> Packet.icmpv6(link, path, Packet.ICMPV6_ECHO_REPLY, 0).icmpId(packet.icmpId());
      default -> Packet.icmp(link, path, Packet.ICMP_ECHO_REPLY, 0).icmpId(packet.icmpId());
    };
  }

  @Test
  void openVSwitchAgreesAndTakesEveryFlow() {
    Seeded random = Seeded.of(12);
    populate(random);
    try (DummySwitch real = DummySwitch.withBridge()) {
      for (int i = 1; i <= CLIENTS; i++) {
        real.addPort("p" + i, i);
      }
      real.addPort("server", 100);
      for (int round = 0; round < 6; round++) {
        List<SecurityRule> rules = deal(random);
        List<String> flows = site.textOf(host);
        real.replaceFlows(flows);
        assertEquals(flows.size(), real.dumpFlows().size());
        Wire wire = new Wire(site);
        for (int i = 0; i < 12; i++) {
          int number = 1 + random.below(CLIENTS);
          Packet packet = packet(random, wire, "p" + number).enteringAt(number).opensConnection();
          String trace = real.trace(packet.toString(), "--ct-next", "trk,new");
          assertEquals(
              allows(rules, site.port("p" + number), packet),
              trace.contains("output port is 100"),
              () -> "%s%n%s%n%s".formatted(rules, trace, String.join("\n", flows)));
        }
      }
    }
  }
}

package io.heddle.node.oracle;

import io.heddle.core.model.Direction;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Rules of one group, about few enough services and remotes that packets meet them.
final class RandomRules {

  private static final List<String> PREFIXES =
      List.of(
          "0.0.0.0/0",
          "10.0.0.0/16",
          "10.0.1.0/24",
          "10.0.2.0/24",
          "10.0.1.2/32",
          "10.0.1.0/29",
          "10.0.2.2/31",
          "::/0",
          "fd00:1::/48",
          "fd00:1:0:1::/64",
          "fd00:1:0:2::/64",
          "fd00:1:0:1:800:ff:fe00:0/109");

  private RandomRules() {}

  /// From and to everybody.
  static List<SecurityRule> everything() {
    List<SecurityRule> rules = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      UUID id = RandomCloud.uuid("everything " + direction);
      rules.add(new SecurityRule(id, direction, Service.ANY, new Remote.Anywhere(), ""));
    }
    return rules;
  }

  static List<SecurityRule> of(
      Seeded seeded, List<SecurityGroupId> groups, List<PrefixListId> lists) {
    List<SecurityRule> rules = new ArrayList<>();
    Set<List<Object>> seen = new HashSet<>();
    if (seeded.percent(35)) {
      rules.add(rule(seeded, Direction.EGRESS, Service.ANY, new Remote.Anywhere()));
      seen.add(List.of(Direction.EGRESS, Service.ANY, new Remote.Anywhere()));
    }
    for (int i = seeded.between(0, 7); i > 0; i--) {
      Direction direction = seeded.pickOf(Direction.INGRESS, Direction.EGRESS);
      Service service = service(seeded);
      Remote remote = remote(seeded, groups, lists);
      if (isSensible(service, remote) && seen.add(List.of(direction, service, remote))) {
        rules.add(rule(seeded, direction, service, remote));
      }
    }
    return rules;
  }

  /// ICMP of one family and a CIDR of the other are refused.
  private static boolean isSensible(Service service, Remote remote) {
    return !(remote instanceof Remote.Cidr(IpPrefix prefix)) || isSensible(service, prefix);
  }

  private static boolean isSensible(Service service, IpPrefix prefix) {
    boolean ipv6 = prefix instanceof Ipv6Prefix;
    return ipv6 ? !(service instanceof Service.Icmp) : !(service instanceof Service.Icmpv6);
  }

  static List<IpPrefix> prefixes(Seeded seeded) {
    return seeded.subset(PREFIXES, 1, 4).stream().map(IpPrefix::parse).toList();
  }

  /// Entries of an ACL that let half of the packets through.
  static List<NetworkAcl.Entry> entries(Seeded seeded) {
    List<NetworkAcl.Entry> entries = new ArrayList<>();
    for (int number = 1; number <= seeded.between(2, 9); number++) {
      Service service = service(seeded);
      IpPrefix prefix = seeded.flip() ? null : IpPrefix.parse(seeded.pick(PREFIXES));
      if (prefix == null || isSensible(service, prefix)) {
        entries.add(
            new NetworkAcl.Entry(
                number * 10,
                seeded.pickOf(Direction.INGRESS, Direction.EGRESS),
                seeded.percent(65) ? NetworkAcl.Verdict.ALLOW : NetworkAcl.Verdict.DENY,
                service,
                prefix,
                ""));
      }
    }
    if (seeded.percent(60)) {
      for (Direction direction : Direction.values()) {
        entries.add(
            new NetworkAcl.Entry(
                1000, direction, NetworkAcl.Verdict.ALLOW, Service.ANY, null, "the rest"));
      }
    }
    return entries;
  }

  private static SecurityRule rule(
      Seeded seeded, Direction direction, Service service, Remote remote) {
    UUID id = new UUID(seeded.bits(64), seeded.bits(64));
    return new SecurityRule(id, direction, service, remote, "");
  }

  private static Service service(Seeded seeded) {
    return switch (seeded.below(11)) {
      case 9 -> Service.Icmpv6.ALL;
      case 10 -> new Service.Icmpv6(Probe.ECHO_V6, seeded.pickOf(-1, 0));
      case 0 -> Service.ANY;
      case 1 -> new Service.Tcp(Service.PortRange.ALL);
      case 2, 3, 8 -> new Service.Tcp(range(seeded));
      case 4 -> new Service.Udp(range(seeded));
      case 5 -> Service.Icmp.ALL;
      case 6 -> new Service.Icmp(Probe.ECHO, seeded.pickOf(-1, 0));
      default -> new Service.Protocol(seeded.pickOf(47, 132));
    };
  }

  private static Service.PortRange range(Seeded seeded) {
    int from = seeded.pickOf(0, 53, 54, 80, 81, 400);
    return new Service.PortRange(from, from + seeded.pickOf(0, 1, 26, 27, 1000));
  }

  private static Remote remote(
      Seeded seeded, List<SecurityGroupId> groups, List<PrefixListId> lists) {
    return switch (seeded.below(5)) {
      case 4 -> new Remote.Prefixes(seeded.pick(lists));
      case 0 -> new Remote.Anywhere();
      case 1 -> new Remote.Cidr(IpPrefix.parse(seeded.pick(PREFIXES)));
      default -> new Remote.Group(seeded.pick(groups));
    };
  }
}

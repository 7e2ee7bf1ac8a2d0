package io.heddle.node.oracle;

import io.heddle.core.model.Direction;
import io.heddle.core.model.Ipv4Prefix;
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
          "10.0.0.0/16", "10.0.1.0/24", "10.0.2.0/24", "10.0.1.2/32", "10.0.1.0/29", "10.0.2.2/31");

  private RandomRules() {}

  static List<SecurityRule> of(Seeded seeded, List<SecurityGroupId> groups) {
    List<SecurityRule> rules = new ArrayList<>();
    Set<List<Object>> seen = new HashSet<>();
    if (seeded.percent(35)) {
      rules.add(rule(seeded, Direction.EGRESS, Service.ANY, new Remote.Anywhere()));
      seen.add(List.of(Direction.EGRESS, Service.ANY, new Remote.Anywhere()));
    }
    for (int i = seeded.between(0, 7); i > 0; i--) {
      Direction direction = seeded.pickOf(Direction.INGRESS, Direction.EGRESS);
      Service service = service(seeded);
      Remote remote = remote(seeded, groups);
      if (seen.add(List.of(direction, service, remote))) {
        rules.add(rule(seeded, direction, service, remote));
      }
    }
    return rules;
  }

  private static SecurityRule rule(
      Seeded seeded, Direction direction, Service service, Remote remote) {
    UUID id = new UUID(seeded.bits(64), seeded.bits(64));
    return new SecurityRule(id, direction, service, remote, "");
  }

  private static Service service(Seeded seeded) {
    return switch (seeded.below(9)) {
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

  private static Remote remote(Seeded seeded, List<SecurityGroupId> groups) {
    return switch (seeded.below(4)) {
      case 0 -> new Remote.Anywhere();
      case 1 -> new Remote.Cidr(Ipv4Prefix.parse(seeded.pick(PREFIXES)));
      default -> new Remote.Group(seeded.pick(groups));
    };
  }
}

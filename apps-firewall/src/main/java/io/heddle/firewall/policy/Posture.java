package io.heddle.firewall.policy;

import io.heddle.core.model.Direction;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import java.util.Collection;
import java.util.List;

/// What the rules of all groups of one identity come down to, as far as it decides where
/// connections are tracked.
///
/// @param egress how much the identity's ports may open
/// @param ingress how much may be opened to them
public record Posture(Reach egress, Reach ingress) {

  /// How much the rules of one direction allow.
  public enum Reach {
    /// There is no rule.
    NOTHING,
    /// What the rules say.
    SOME,
    /// Any service with anywhere: a rule that needs no look at the packet.
    EVERYTHING
  }

  public static Posture of(Collection<SecurityGroup> groups) {
    Reach egress = Reach.NOTHING;
    Reach ingress = Reach.NOTHING;
    for (SecurityGroup group : groups) {
      egress = more(egress, reach(group, Direction.EGRESS));
      ingress = more(ingress, reach(group, Direction.INGRESS));
    }
    return new Posture(egress, ingress);
  }

  /// Everything is one rule for anywhere, or one for all of IPv4 and one for all of IPv6.
  public static Reach reach(SecurityGroup group, Direction direction) {
    List<SecurityRule> rules = group.rules(direction);
    if (rules.isEmpty()) {
      return Reach.NOTHING;
    }
    boolean anywhere = allowsAll(rules, new Remote.Anywhere());
    boolean eachFamily =
        allowsAll(rules, new Remote.Cidr(Ipv4Prefix.ANY))
            && allowsAll(rules, new Remote.Cidr(Ipv6Prefix.ANY));
    return anywhere || eachFamily ? Reach.EVERYTHING : Reach.SOME;
  }

  /// Whether a rule is one of those that make up everything.
  public static boolean isOfEverything(SecurityRule rule) {
    return rule.service() instanceof Service.Any
        && switch (rule.remote()) {
          case Remote.Anywhere() -> true;
          case Remote.Cidr(IpPrefix cidr) ->
              cidr.equals(Ipv4Prefix.ANY) || cidr.equals(Ipv6Prefix.ANY);
          case Remote.Prefixes prefixes -> false;
          case Remote.Group group -> false;
        };
  }

  private static boolean allowsAll(List<SecurityRule> rules, Remote remote) {
    return rules.stream()
        .anyMatch(rule -> rule.service() instanceof Service.Any && rule.remote().equals(remote));
  }

  private static Reach more(Reach a, Reach b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /// Everything may be opened by its ports and to them: with another such identity, no packet of
  /// either is ever judged by what went before.
  public boolean needsNoState() {
    return egress == Reach.EVERYTHING && ingress == Reach.EVERYTHING;
  }
}

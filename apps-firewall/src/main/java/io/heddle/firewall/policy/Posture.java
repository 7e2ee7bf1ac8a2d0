package io.heddle.firewall.policy;

import io.heddle.core.model.Direction;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import java.util.Collection;

/// What the rules of all groups of one identity come down to, as far as it decides where
/// connections are tracked.
///
/// @param egress how much the identity's ports may open
/// @param ingress how much may be opened to them
/// @param asksTargets an egress rule speaks of a group, so the target's identity must be known
///   where the packet is sent
public record Posture(Reach egress, Reach ingress, boolean asksTargets) {

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
    boolean asks = false;
    for (SecurityGroup group : groups) {
      egress = more(egress, reach(group, Direction.EGRESS));
      ingress = more(ingress, reach(group, Direction.INGRESS));
      asks |= asksTargets(group);
    }
    return new Posture(egress, ingress, asks && egress != Reach.EVERYTHING);
  }

  public static Reach reach(SecurityGroup group, Direction direction) {
    Reach reach = Reach.NOTHING;
    for (SecurityRule rule : group.rules(direction)) {
      reach = more(reach, allowsEverything(rule) ? Reach.EVERYTHING : Reach.SOME);
    }
    return reach;
  }

  private static boolean allowsEverything(SecurityRule rule) {
    Permission permission = Permission.of(rule);
    return permission.service() instanceof Service.Any
        && permission.remote() instanceof Remote.Anywhere;
  }

  private static boolean asksTargets(SecurityGroup group) {
    return group.rules(Direction.EGRESS).stream()
        .anyMatch(rule -> rule.remote() instanceof Remote.Group);
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

package io.heddle.firewall.rule;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Identity;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Rows;
import io.heddle.firewall.log.PolicyLogging;
import io.heddle.firewall.log.PolicyLogging.Verdict;
import io.heddle.firewall.policy.Family;
import io.heddle.firewall.policy.Permission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// The rules of one group and one direction as flows of one table.
///
/// A rule with a CIDR, or with anywhere, is one flow for each of its services' matches; one with a
/// prefix list, as many for each of the list's CIDRs. Rules that name a remote group are looked up
/// in two steps: one flow for each identity says which of those groups it is in, and the rules of
/// each are one flow for each of their services' matches. So their number grows with the sum of
/// identities and services and not with the product, and another identity, or another rule, adds
/// its own flows and moves no other.
///
/// However rules overlap, what is allowed is their union: every flow that decides does the same
/// (`ALLOWED := 1`), so it is nothing to us which of several the switch takes.
///
/// The broader a flow, the higher it stands: the switch looks at ports, and lets them into its
/// megaflows, only for packets that nothing broader admits. Two flows of one priority never
/// overlap.
public final class GroupFlows {

  private static final Match TRACKED =
      Match.ctState(List.of(CtState.TRACKED), List.of(CtState.INVALID));

  private static final List<Action> ALLOW = Actions.list(Actions.set(Registers.ALLOWED, 1));

  private final Stage stage;
  private final Match group;
  private final Direction direction;
  private final Rows rows;
  private final List<Action> allow;
  private final Map<Match, GroupFlow> flows = new LinkedHashMap<>();

  private GroupFlows(SecurityGroup group, Direction direction, Rows rows) {
    this.stage =
        switch (direction) {
          case EGRESS -> Stage.EGRESS_RULES;
          case INGRESS -> Stage.INGRESS_RULES;
        };
    this.group = Registers.GROUP.is(Integer.toUnsignedLong(group.tag()));
    this.direction = direction;
    this.rows = rows;
    this.allow =
        PolicyLogging.isWanted(group, Verdict.ACCEPT)
            ? Actions.concat(ALLOW, Logs.lookUp(direction, Verdict.ACCEPT))
            : ALLOW;
  }

  /// One flow.
  ///
  /// @param rules those that it is of: more than one where they overlap exactly, none where it says
  ///   who an identity is
  public record GroupFlow(int priority, Match match, List<Action> actions, List<UUID> rules) {
    public GroupFlow {
      actions = List.copyOf(actions);
      rules = List.copyOf(rules);
    }
  }

  /// Matching the group first keeps the flows of one group from being looked at, and from costing
  /// megaflows, while another's are meant.
  public static List<GroupFlow> of(SecurityGroup group, Direction direction, Rows rows) {
    GroupFlows made = new GroupFlows(group, direction, rows);
    SortedMap<SecurityGroupId, Long> remotes = new TreeMap<>();
    for (SecurityRule rule : group.rules(direction)) {
      Permission permission = Permission.of(rule);
      if (permission.remote() instanceof Remote.Group(SecurityGroupId remote)) {
        long tag = Integer.toUnsignedLong(rows.require(remote).tag());
        remotes.put(remote, tag);
        made.decide(rule, permission.service(), Registers.REMOTE_GROUP.is(tag));
      } else {
        made.decideByAddress(rule, permission);
      }
    }
    made.tellMembers(remotes);
    return List.copyOf(made.flows.values());
  }

  private void decideByAddress(SecurityRule rule, Permission permission) {
    Match noGroup = Registers.REMOTE_GROUP.is(0);
    switch (permission.remote()) {
      case Remote.Anywhere() -> decide(rule, permission.service(), noGroup);
      case Remote.Cidr(IpPrefix prefix) -> decide(rule, permission.service(), prefix);
      case Remote.Prefixes(var list) -> {
        for (IpPrefix prefix : rows.require(list).prefixes()) {
          // A list may hold both families, and be used with a service of one.
          if (Family.of(prefix).meets(Family.of(permission.service()))) {
            decide(rule, permission.service(), prefix);
          }
        }
      }
      case Remote.Group remote -> throw new IllegalStateException("no address: " + remote);
    }
  }

  private void decide(SecurityRule rule, Service service, IpPrefix prefix) {
    Match remote = Registers.REMOTE_GROUP.is(0).and(address(prefix));
    for (Match match : ServiceMatches.ofConnection(service)) {
      put(rule, Ranks.deciding(match, prefix.length()), remote.and(match));
    }
  }

  private void decide(SecurityRule rule, Service service, Match remote) {
    for (Match match : ServiceMatches.ofConnection(service)) {
      put(rule, Ranks.deciding(match, Ranks.ANYWHERE), remote.and(match));
    }
  }

  private void put(SecurityRule rule, int priority, Match rest) {
    Match match = Match.allOf(group, TRACKED, rest);
    List<UUID> rules = new ArrayList<>(List.of(rule.id()));
    GroupFlow before = flows.get(match);
    if (before != null) {
      rules.addAll(0, before.rules());
    }
    flows.put(match, new GroupFlow(priority, match, allow, rules));
  }

  /// Where the address of the rule's other end stands in the connection's first packet.
  private Match address(IpPrefix prefix) {
    boolean source = direction == Direction.INGRESS;
    return switch (prefix) {
      case Ipv4Prefix v4 ->
          Match.IPV4.and(Match.prefix(source ? Header.CT_NW_SRC : Header.CT_NW_DST, v4));
      case Ipv6Prefix v6 ->
          Match.IPV6.and(
              Match.prefix(source ? Header.CT_IPV6_SRC_HIGH : Header.CT_IPV6_DST_HIGH, v6));
    };
  }

  /// One flow for each identity that is in any of the remote groups: it has the rules of each
  /// looked up.
  private void tellMembers(SortedMap<SecurityGroupId, Long> remotes) {
    SortedMap<Integer, List<Action>> lookups = new TreeMap<>();
    remotes.forEach((remote, tag) -> {
      for (Identity identity : rows.findBy(Identity.KIND, Identity.BY_GROUP, remote)) {
        List<Action> actions =
            lookups.computeIfAbsent(identity.id().number(), _ -> new ArrayList<>());
        actions.add(Actions.set(Registers.REMOTE_GROUP, tag));
        actions.add(stage.resubmit());
      }
    });
    lookups.forEach((number, actions) -> {
      Match match = Match.allOf(group, Registers.REMOTE_GROUP.is(0), Registers.PEER.is(number));
      List<Action> andBack = Actions.then(actions, Actions.set(Registers.REMOTE_GROUP, 0));
      flows.put(match, new GroupFlow(Ranks.MEMBER, match, andBack, List.of()));
    });
  }
}

package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Meta;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import io.heddle.core.store.Rows;
import io.heddle.firewall.policy.Family;
import io.heddle.firewall.policy.Permission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// What must hold of the rules of one group, whoever changes them.
final class GroupRules {

  /// Each change of a rule compiles the rules of its group, so their number is bounded.
  static final int MAX_PER_GROUP = 200;

  /// Each entry is a flow for each service that is used with its list.
  static final int MAX_PREFIXES_PER_GROUP = 4000;

  /// Longer descriptions belong into a ticket; every node keeps them in memory.
  static final int MAX_DESCRIPTION = 255;

  private GroupRules() {}

  /// Refuses what the whole list may not be. Problems name the rule by its position.
  static void check(Draft draft, Home home, List<SecurityRule> rules) {
    if (rules.size() > MAX_PER_GROUP) {
      throw new Refused(
          Problem.invalid(
              "rules",
              "%d rules; a security group has at most %d: split it into several groups"
                  .formatted(rules.size(), MAX_PER_GROUP)));
    }
    Map<Permission, UUID> standing = new HashMap<>();
    Set<UUID> ids = new HashSet<>();
    for (int i = 0; i < rules.size(); i++) {
      SecurityRule rule = rules.get(i);
      String at = "rules[%d]".formatted(i);
      checkRule(draft, home, rule, at + ".");
      UUID same = standing.putIfAbsent(Permission.of(rule), rule.id());
      if (same != null) {
        throw duplicate(at, same);
      }
      if (!ids.add(rule.id())) {
        throw new Refused(
            Problem.invalid(at + ".id", "id %s is given to two rules".formatted(rule.id())));
      }
    }
    checkPrefixes(draft, rules, "rules");
  }

  /// Refuses a rule that can't join those of a group.
  static void checkAdded(Draft draft, SecurityGroup group, SecurityRule added) {
    if (group.rules().size() >= MAX_PER_GROUP) {
      throw new Refused(
          Problem.exhausted(
              "",
              "security group %s has %d rules, which is the limit; remove one or use another group"
                  .formatted(group.id(), MAX_PER_GROUP)));
    }
    checkRule(draft, Home.of(group), added, "");
    Permission permission = Permission.of(added);
    for (SecurityRule rule : group.rules()) {
      if (rule.id().equals(added.id())) {
        throw new Refused(
            Problem.conflict(
                "id", "rule %s is there already".formatted(rule.id()), conflict(rule.id())));
      }
      if (Permission.of(rule).equals(permission)) {
        throw duplicate("", rule.id());
      }
    }
    List<SecurityRule> all = new ArrayList<>(group.rules());
    all.add(added);
    checkPrefixes(draft, all, "remotePrefixListId");
  }

  /// What a rule is judged by besides itself.
  ///
  /// @param group the group that it is to be in; it may not be there yet
  record Home(SecurityGroupId group, VpcId vpc, ProjectId project) {
    static Home of(SecurityGroup group) {
      return new Home(group.id(), group.vpc(), group.meta().project());
    }
  }

  private static void checkRule(Draft draft, Home home, SecurityRule rule, String prefix) {
    checkDescription(rule.description(), prefix);
    checkRemote(draft, home, rule, prefix);
  }

  static void checkDescription(String description, String prefix) {
    if (description.length() > MAX_DESCRIPTION) {
      throw new Refused(
          Problem.invalid(
              prefix + "description",
              "%d characters; at most %d are kept"
                  .formatted(description.length(), MAX_DESCRIPTION)));
    }
  }

  private static void checkRemote(Draft draft, Home home, SecurityRule rule, String prefix) {
    switch (rule.remote()) {
      case Remote.Anywhere anywhere -> {}
      case Remote.Cidr(IpPrefix cidr) -> checkFamily(rule, cidr, prefix);
      case Remote.Prefixes(PrefixListId list) ->
          Checks.owned(draft, list, home.project(), prefix + "remotePrefixListId");
      case Remote.Group(SecurityGroupId remote) when remote.equals(home.group()) -> {}
      case Remote.Group(SecurityGroupId remote) -> {
        boolean sameVpc =
            draft.find(remote).map(other -> other.vpc().equals(home.vpc())).orElse(false);
        if (!sameVpc) {
          throw new Refused(
              Problem.invalid(
                  prefix + "remoteGroupId",
                  "there is no security group %s in VPC %s; name one of the same VPC"
                      .formatted(remote, home.vpc())));
        }
      }
    }
  }

  /// ICMP and ICMPv6 are of one family each.
  private static void checkFamily(SecurityRule rule, IpPrefix cidr, String prefix) {
    Family service = Family.of(Permission.of(rule).service());
    if (!service.meets(Family.of(cidr))) {
      boolean ipv4 = service == Family.IPV4;
      throw new Refused(
          Problem.invalid(
              prefix + "remoteCidr",
              "%s is %s and %s is a protocol of %s; name %s, or a CIDR of that family"
                  .formatted(
                      cidr,
                      ipv4 ? "IPv6" : "IPv4",
                      ipv4 ? "icmp" : "icmpv6",
                      ipv4 ? "IPv4" : "IPv6",
                      ipv4 ? "icmpv6" : "icmp")));
    }
  }

  /// Refuses prefix lists that hold more than a group may speak of.
  ///
  /// @param field the request's field that asks for more
  static void checkPrefixes(Rows rows, List<SecurityRule> rules, String field) {
    Set<PrefixListId> lists = new HashSet<>();
    int prefixes = 0;
    for (SecurityRule rule : rules) {
      if (rule.remote() instanceof Remote.Prefixes(PrefixListId list) && lists.add(list)) {
        prefixes += rows.require(list).entries().size();
      }
    }
    if (prefixes > MAX_PREFIXES_PER_GROUP) {
      throw new Refused(
          Problem.exhausted(
              field,
              ("the prefix lists of one security group would hold %d entries, and at most %d are"
                      + " allowed; use shorter lists or several groups")
                  .formatted(prefixes, MAX_PREFIXES_PER_GROUP)));
    }
  }

  private static Refused duplicate(String field, UUID standing) {
    return new Refused(
        Problem.conflict(
            field,
            "rule %s allows the same already; one of them is enough".formatted(standing),
            conflict(standing)));
  }

  private static List<String> conflict(UUID rule) {
    return List.of("rule " + rule);
  }

  /// Refuses more rules than the project may have, over all its groups.
  ///
  /// @param more how many are added
  static void checkQuota(Draft draft, Project project, int more) {
    int held = 0;
    for (SecurityGroup group :
        draft.findBy(SecurityGroup.KIND, SecurityGroup.BY_PROJECT, project.id())) {
      held += group.rules().size();
    }
    int limit = project.quotas().rules();
    if (more > 0 && held + more > limit) {
      throw new Refused(
          Problem.exhausted(
              "rules",
              "project %s has %d of its %d security rules and asks for %d more; raise the quota or delete some"
                  .formatted(project.id(), held, limit, more)));
    }
  }

  /// The rules wanted, where each that allows what a standing one allows keeps that one's id: who
  /// sends a whole list again changes nothing by it.
  static List<SecurityRule> keepingIds(List<SecurityRule> standing, List<SecurityRule> wanted) {
    Map<Permission, UUID> known = new HashMap<>();
    standing.forEach(rule -> known.put(Permission.of(rule), rule.id()));
    Set<UUID> taken = new HashSet<>();
    wanted.forEach(rule -> taken.add(rule.id()));
    List<SecurityRule> kept = new ArrayList<>(wanted.size());
    for (SecurityRule rule : wanted) {
      UUID id = known.get(Permission.of(rule));
      kept.add(
          id == null || taken.contains(id)
              ? rule
              : new SecurityRule(
                  id, rule.direction(), rule.service(), rule.remote(), rule.description()));
    }
    return kept;
  }

  static SecurityGroup with(SecurityGroup group, Meta meta, List<SecurityRule> rules) {
    return new SecurityGroup(group.id(), meta, group.vpc(), rules, group.tag(), group.logging());
  }
}

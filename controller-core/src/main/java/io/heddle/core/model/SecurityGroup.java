package io.heddle.core.model;

import java.util.ArrayList;
import java.util.List;

/// A named list of rules; what none of a port's groups allows is dropped.
///
/// @param tag 32 bits, cluster-wide: what the group register carries while the group's rules are
///   looked up
/// @param logging which packets of its members are told of
public record SecurityGroup(
    SecurityGroupId id, Meta meta, VpcId vpc, List<SecurityRule> rules, int tag, Logging logging)
    implements Resource {

  public static final Index<SecurityGroup, VpcId> BY_VPC =
      new Index<>("security group by vpc", group -> List.of(group.vpc()));
  public static final Index<SecurityGroup, ProjectId> BY_PROJECT =
      new Index<>("security group by project", group -> List.of(group.meta().project()));

  /// The groups whose rules name a group as their remote.
  public static final Index<SecurityGroup, SecurityGroupId> BY_REMOTE_GROUP =
      new Index<>("security group by remote group", SecurityGroup::remoteGroups);

  /// The groups whose rules name a prefix list.
  public static final Index<SecurityGroup, PrefixListId> BY_PREFIX_LIST =
      new Index<>("security group by prefix list", SecurityGroup::prefixLists);

  public static final Kind<SecurityGroup> KIND =
      new Kind<>(
          "security-group",
          SecurityGroup.class,
          1,
          SecurityGroupId::parse,
          List.of(BY_VPC, BY_PROJECT, BY_REMOTE_GROUP, BY_PREFIX_LIST));

  public SecurityGroup {
    rules = List.copyOf(rules);
  }

  /// A group that has nothing logged.
  public SecurityGroup(
      SecurityGroupId id, Meta meta, VpcId vpc, List<SecurityRule> rules, int tag) {
    this(id, meta, vpc, rules, tag, Logging.OFF);
  }

  /// Which packets are told of: not each, but enough to see what goes on.
  ///
  /// @param drops packets of members that no rule of any of their groups allows
  /// @param accepts packets that open a connection which the group's rules allow
  public record Logging(boolean drops, boolean accepts) {
    public static final Logging OFF = new Logging(false, false);
  }

  @Override
  public SecurityGroupId key() {
    return id;
  }

  public List<SecurityRule> rules(Direction direction) {
    return rules.stream().filter(rule -> rule.direction() == direction).toList();
  }

  private List<SecurityGroupId> remoteGroups() {
    List<SecurityGroupId> remotes = new ArrayList<>();
    for (SecurityRule rule : rules) {
      if (rule.remote() instanceof Remote.Group(SecurityGroupId remote)
          && !remotes.contains(remote)) {
        remotes.add(remote);
      }
    }
    return remotes;
  }

  private List<PrefixListId> prefixLists() {
    List<PrefixListId> lists = new ArrayList<>();
    for (SecurityRule rule : rules) {
      if (rule.remote() instanceof Remote.Prefixes(PrefixListId list) && !lists.contains(list)) {
        lists.add(list);
      }
    }
    return lists;
  }
}

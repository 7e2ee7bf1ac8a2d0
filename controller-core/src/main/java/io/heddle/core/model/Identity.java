package io.heddle.core.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A set of security groups that at least one port of a VPC has: what policy is decided by, on both
/// ends of a connection. Lives as long as a port uses it.
///
/// @param vni the context VNI that carries (VPC, this identity) between hosts; below 2²³
public record Identity(IdentityId id, SortedSet<SecurityGroupId> groups, int vni) implements Row {

  public static final Index<Identity, VpcId> BY_VPC =
      new Index<>("identity by vpc", identity -> List.of(identity.id().vpc()));
  public static final Index<Identity, SecurityGroupId> BY_GROUP =
      new Index<>("identity by security group", Identity::groups);
  public static final Index<Identity, Members> BY_MEMBERS =
      new Index<>(
          "identity by its set of groups",
          identity -> List.of(new Members(identity.id().vpc(), identity.groups())));
  public static final Kind<Identity> KIND =
      new Kind<>(
          "identity", Identity.class, 1, IdentityId::parse, List.of(BY_VPC, BY_GROUP, BY_MEMBERS));

  public Identity {
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
  }

  @Override
  public IdentityId key() {
    return id;
  }

  /// The set of groups that an identity of a VPC stands for.
  public record Members(VpcId vpc, SortedSet<SecurityGroupId> groups) {}
}

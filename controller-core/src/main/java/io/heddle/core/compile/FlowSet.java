package io.heddle.core.compile;

import io.heddle.core.model.HostId;
import io.heddle.core.model.IdentityId;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.VpcId;
import java.util.Locale;
import java.util.Optional;

/// The name of a set of flows that come and go together on the hosts that subscribe to it.
public record FlowSet(Scope scope, String key) implements Comparable<FlowSet> {

  /// What a set is about, in the order in which a host loads its sets: nothing reaches a port
  /// before the policy that guards it is there.
  public enum Scope {
    GLOBAL,
    VPC,
    /// The entries of one network ACL.
    ACL,
    /// The rules of one security group.
    GROUP,
    /// Which groups one identity has.
    POLICY,
    GATEWAY,
    /// What names an OpenFlow port or a ct zone of one host.
    HOST
  }

  public static final FlowSet GLOBAL = new FlowSet(Scope.GLOBAL, "");

  public static FlowSet vpc(VpcId vpc) {
    return new FlowSet(Scope.VPC, vpc.toString());
  }

  public static FlowSet acl(NetworkAclId acl) {
    return new FlowSet(Scope.ACL, acl.toString());
  }

  public static FlowSet group(SecurityGroupId group) {
    return new FlowSet(Scope.GROUP, group.toString());
  }

  public static FlowSet policy(IdentityId identity) {
    return new FlowSet(Scope.POLICY, identity.toString());
  }

  public static FlowSet host(HostId host) {
    return new FlowSet(Scope.HOST, host.value());
  }

  /// True for the sets that several hosts may hold.
  public boolean isShared() {
    return scope != Scope.HOST;
  }

  /// The only host that may hold it, where there is only one.
  public Optional<HostId> owner() {
    return isShared() ? Optional.empty() : Optional.of(new HostId(key));
  }

  @Override
  public int compareTo(FlowSet other) {
    int byScope = scope.compareTo(other.scope);
    return byScope != 0 ? byScope : key.compareTo(other.key);
  }

  @Override
  public String toString() {
    String name = scope.name().toLowerCase(Locale.ROOT);
    return key.isEmpty() ? name : name + ":" + key;
  }
}

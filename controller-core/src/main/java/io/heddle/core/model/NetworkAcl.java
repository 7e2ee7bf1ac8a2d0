package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What may leave and enter a subnet through its gateway, packet by packet: the first entry that
/// fits decides, and what none fits is dropped. It knows no connections, so answers need entries of
/// their own.
///
/// @param entries ordered by direction and number
/// @param tag 32 bits, cluster-wide: what a register carries while the entries are looked up
public record NetworkAcl(NetworkAclId id, Meta meta, VpcId vpc, List<Entry> entries, int tag)
    implements Resource {

  public static final Index<NetworkAcl, VpcId> BY_VPC =
      new Index<>("network ACL by vpc", acl -> List.of(acl.vpc()));
  public static final Index<NetworkAcl, ProjectId> BY_PROJECT =
      new Index<>("network ACL by project", acl -> List.of(acl.meta().project()));
  public static final Kind<NetworkAcl> KIND =
      new Kind<>(
          "network-acl", NetworkAcl.class, 1, NetworkAclId::parse, List.of(BY_VPC, BY_PROJECT));

  public NetworkAcl {
    entries = List.copyOf(entries);
  }

  @Override
  public NetworkAclId key() {
    return id;
  }

  /// What an entry does with what it fits.
  public enum Verdict {
    @JsonProperty("allow")
    ALLOW,
    @JsonProperty("deny")
    DENY
  }

  /// One numbered line.
  ///
  /// @param number lower ones decide first; unique within a direction
  /// @param direction ingress enters the subnet
  /// @param cidr the other end; null for any of either family
  public record Entry(
      int number,
      Direction direction,
      Verdict verdict,
      Service service,
      @Nullable IpPrefix cidr,
      String description) {

    /// The highest number: priorities of flows are made of them.
    public static final int MAX_NUMBER = 32_766;

    public Entry {
      if (number < 1 || number > MAX_NUMBER) {
        throw new IllegalArgumentException(
            "entry %d; numbers are from 1 to %d".formatted(number, MAX_NUMBER));
      }
    }
  }
}

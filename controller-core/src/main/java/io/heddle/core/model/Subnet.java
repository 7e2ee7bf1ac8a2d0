package io.heddle.core.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A range of a VPC's addresses with a gateway of its own.
///
/// @param ipv6Cidr a /64, or null: IPv4 alone
/// @param networkAcl what passes its gateway, or null: everything
/// @param tag 24 bits, cluster-wide
public record Subnet(
    SubnetId id,
    Meta meta,
    VpcId vpc,
    Ipv4Prefix cidr,
    Ipv4Address gateway,
    @Nullable Ipv6Prefix ipv6Cidr,
    String zone,
    Dhcp dhcp,
    @Nullable NetworkAclId networkAcl,
    int tag)
    implements Resource {

  public static final Index<Subnet, VpcId> BY_VPC =
      new Index<>("subnet by vpc", subnet -> List.of(subnet.vpc()));
  public static final Index<Subnet, ProjectId> BY_PROJECT =
      new Index<>("subnet by project", subnet -> List.of(subnet.meta().project()));
  public static final Index<Subnet, NetworkAclId> BY_NETWORK_ACL =
      new Index<>(
          "subnet by network ACL",
          subnet -> subnet.networkAcl() == null ? List.of() : List.of(subnet.networkAcl()));
  public static final Kind<Subnet> KIND =
      new Kind<>(
          "subnet", Subnet.class, 1, SubnetId::parse, List.of(BY_VPC, BY_PROJECT, BY_NETWORK_ACL));

  /// One of IPv4 alone, whose gateway lets everything pass.
  public Subnet(
      SubnetId id,
      Meta meta,
      VpcId vpc,
      Ipv4Prefix cidr,
      Ipv4Address gateway,
      String zone,
      Dhcp dhcp,
      int tag) {
    this(id, meta, vpc, cidr, gateway, null, zone, dhcp, null, tag);
  }

  @Override
  public SubnetId key() {
    return id;
  }

  /// The first address of its IPv6 range is its gateway's.
  public Optional<Ipv6Address> ipv6Gateway() {
    return Optional.ofNullable(ipv6Cidr).map(cidr -> cidr.network().plus(1));
  }

  /// What DHCP tells the subnet's VMs (RFC 2131, RFC 2132).
  public record Dhcp(
      boolean enabled,
      List<Ipv4Address> dnsServers,
      String domainName,
      List<Ipv4Address> ntpServers,
      int leaseSeconds) {

    /// Seven days: long enough that a controller's failover is never noticed by a lease.
    public static final int DEFAULT_LEASE_SECONDS = 7 * 24 * 3600;

    public static final Dhcp DEFAULT =
        new Dhcp(true, List.of(), "", List.of(), DEFAULT_LEASE_SECONDS);

    public Dhcp {
      dnsServers = List.copyOf(dnsServers);
      ntpServers = List.copyOf(ntpServers);
    }
  }
}

package io.heddle.core.model;

import java.util.List;

/// A range of a VPC's addresses with a gateway of its own.
///
/// @param tag 24 bits, cluster-wide
public record Subnet(
    SubnetId id,
    Meta meta,
    VpcId vpc,
    Ipv4Prefix cidr,
    Ipv4Address gateway,
    String zone,
    Dhcp dhcp,
    int tag)
    implements Resource {

  public static final Index<Subnet, VpcId> BY_VPC =
      new Index<>("subnet by vpc", subnet -> List.of(subnet.vpc()));
  public static final Index<Subnet, ProjectId> BY_PROJECT =
      new Index<>("subnet by project", subnet -> List.of(subnet.meta().project()));
  public static final Kind<Subnet> KIND =
      new Kind<>("subnet", Subnet.class, 1, SubnetId::parse, List.of(BY_VPC, BY_PROJECT));

  @Override
  public SubnetId key() {
    return id;
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

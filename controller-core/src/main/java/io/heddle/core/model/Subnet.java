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

  /// What the subnet's machines are told, by DHCP and by router advertisements (RFC 2131, RFC 8415,
  /// RFC 4861).
  ///
  /// @param enabled whether DHCP of either family is answered; routers are advertised all the same
  /// @param dnsServers of both families; each protocol tells those of its own
  /// @param domainName the domain that the machines are in, or empty
  /// @param searchDomains where names without a dot are looked for; where empty, in `domainName`
  /// @param ntpServers of both families
  /// @param tftpServer where a machine that boots from the network finds its file, or null
  /// @param bootFile that file, or empty
  public record Dhcp(
      boolean enabled,
      List<IpAddress> dnsServers,
      String domainName,
      List<String> searchDomains,
      List<IpAddress> ntpServers,
      int leaseSeconds,
      Ipv6AddressMode ipv6AddressMode,
      @Nullable Ipv4Address tftpServer,
      String bootFile) {

    /// Seven days: long enough that a controller's failover is never noticed by a lease.
    public static final int DEFAULT_LEASE_SECONDS = 7 * 24 * 3600;

    public static final Dhcp DEFAULT =
        new Dhcp(true, List.of(), "", List.of(), DEFAULT_LEASE_SECONDS);

    public Dhcp {
      dnsServers = List.copyOf(dnsServers);
      searchDomains = List.copyOf(searchDomains);
      ntpServers = List.copyOf(ntpServers);
    }

    /// One without anything to boot from, whose machines make their own IPv6 addresses.
    public Dhcp(
        boolean enabled,
        List<? extends IpAddress> dnsServers,
        String domainName,
        List<? extends IpAddress> ntpServers,
        int leaseSeconds) {
      this(
          enabled,
          List.copyOf(dnsServers),
          domainName,
          List.of(),
          List.copyOf(ntpServers),
          leaseSeconds,
          Ipv6AddressMode.SLAAC,
          null,
          "");
    }

    /// Where names without a dot are looked for.
    public List<String> search() {
      return searchDomains.isEmpty() && !domainName.isEmpty() ? List.of(domainName) : searchDomains;
    }
  }

  /// How a machine comes by its port's IPv6 addresses.
  public enum Ipv6AddressMode {
    /// It makes one of the advertised prefix and its MAC (RFC 4862), where the port has that one.
    SLAAC,
    /// It asks for them by DHCPv6 (RFC 8415).
    DHCPV6_STATEFUL
  }
}

package io.heddle.core.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A tenant's network interface: a MAC, addresses in one subnet, and the security groups it is in.
///
/// @param addresses of IPv4; the first is the primary one
/// @param ipv6Addresses none where the subnet has no IPv6
/// @param identity the number, within the VPC, of the set of its groups
/// @param tag 32 bits, cluster-wide: what the port registers carry
/// @param allowedPairs further senders that port security lets it speak as
/// @param requestedHost the only host that may bind it, or null: any
/// @param migratingTo the host that its machine is being moved to, which may bind it too, or null
public record Port(
    PortId id,
    Meta meta,
    SubnetId subnet,
    VpcId vpc,
    MacAddress mac,
    List<Ipv4Address> addresses,
    List<Ipv6Address> ipv6Addresses,
    SortedSet<SecurityGroupId> groups,
    int identity,
    int tag,
    boolean portSecurity,
    List<AddressPair> allowedPairs,
    boolean adminUp,
    String deviceId,
    @Nullable HostId requestedHost,
    @Nullable HostId migratingTo)
    implements Resource {

  public static final Index<Port, SubnetId> BY_SUBNET =
      new Index<>("port by subnet", port -> List.of(port.subnet()));
  public static final Index<Port, VpcId> BY_VPC =
      new Index<>("port by vpc", port -> List.of(port.vpc()));
  public static final Index<Port, ProjectId> BY_PROJECT =
      new Index<>("port by project", port -> List.of(port.meta().project()));
  public static final Index<Port, SecurityGroupId> BY_GROUP =
      new Index<>("port by security group", Port::groups);
  public static final Index<Port, IdentityId> BY_IDENTITY =
      new Index<>("port by identity", port -> List.of(port.identityId()));
  public static final Index<Port, VpcAddress> BY_ADDRESS =
      new Index<>("port by address", Port::vpcAddresses);
  public static final Index<Port, VpcMac> BY_MAC =
      new Index<>("port by MAC", port -> List.of(new VpcMac(port.vpc(), port.mac())));

  public static final Kind<Port> KIND =
      new Kind<>(
          "port",
          Port.class,
          1,
          PortId::parse,
          List.of(BY_SUBNET, BY_VPC, BY_PROJECT, BY_GROUP, BY_IDENTITY, BY_ADDRESS, BY_MAC));

  public Port {
    addresses = List.copyOf(addresses);
    ipv6Addresses = List.copyOf(ipv6Addresses);
    allowedPairs = List.copyOf(allowedPairs);
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
  }

  /// One of IPv4 alone that speaks as nobody else.
  public Port(
      PortId id,
      Meta meta,
      SubnetId subnet,
      VpcId vpc,
      MacAddress mac,
      List<Ipv4Address> addresses,
      SortedSet<SecurityGroupId> groups,
      int identity,
      int tag,
      boolean portSecurity,
      boolean adminUp,
      String deviceId,
      @Nullable HostId requestedHost) {
    this(
        id,
        meta,
        subnet,
        vpc,
        mac,
        addresses,
        List.of(),
        groups,
        identity,
        tag,
        portSecurity,
        List.of(),
        adminUp,
        deviceId,
        requestedHost,
        null);
  }

  @Override
  public PortId key() {
    return id;
  }

  public IdentityId identityId() {
    return new IdentityId(vpc, identity);
  }

  /// Addresses that move between ports: those that its pairs name alone, for its own MAC, and that
  /// are not its own anyway.
  public List<IpAddress> virtualAddresses() {
    return allowedPairs.stream()
        .filter(pair -> pair.mac() == null || pair.mac().equals(mac))
        .flatMap(pair -> pair.single().stream())
        .filter(address -> !addresses.contains(address) && !ipv6Addresses.contains(address))
        .distinct()
        .toList();
  }

  /// The port as it is once its machine has been moved, or is not to be moved any more.
  public Port settled(@Nullable HostId requested) {
    return new Port(
        id,
        meta,
        subnet,
        vpc,
        mac,
        addresses,
        ipv6Addresses,
        groups,
        identity,
        tag,
        portSecurity,
        allowedPairs,
        adminUp,
        deviceId,
        requested,
        null);
  }

  private Collection<VpcAddress> vpcAddresses() {
    List<VpcAddress> keyed = new ArrayList<>(addresses.size() + ipv6Addresses.size());
    addresses.forEach(address -> keyed.add(new VpcAddress(vpc, address)));
    ipv6Addresses.forEach(address -> keyed.add(new VpcAddress(vpc, address)));
    return keyed;
  }

  /// An address is unique in its VPC.
  public record VpcAddress(VpcId vpc, IpAddress address) {}

  /// A MAC is unique in its VPC: the receiving host finds the port by it.
  public record VpcMac(VpcId vpc, MacAddress mac) {}
}

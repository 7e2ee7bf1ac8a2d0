package io.heddle.node.oracle;

import io.heddle.core.model.Binding;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Host;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Service;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Rows;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the intent says of a packet. Reads rows; knows no flows, tables or registers.
record Reachability(Rows rows) {

  private static final MacAddress GATEWAY = MacAddress.parse("0e:00:00:00:00:01");
  private static final Ipv4Address NOWHERE = Ipv4Address.parse("0.0.0.0");
  private static final Ipv4Address EVERYBODY = Ipv4Address.parse("255.255.255.255");

  /// What becomes of a packet.
  sealed interface Fate {
    /// @param routed it went through a gateway: one hop less to live
    record Delivered(PortId port, boolean routed) implements Fate {}

    record AnsweredByGateway() implements Fate {}

    record AskedController() implements Fate {}

    record Dropped(Cause cause) implements Fate {}
  }

  /// In the order in which a packet meets them.
  enum Cause {
    PORT_DOWN,
    SPOOFED,
    ACL_OUT,
    NO_HOP_LEFT,
    NO_ROUTE,
    NO_SUCH_ADDRESS,
    NO_SUCH_MAC_IN_SUBNET,
    TARGET_DOWN,
    EGRESS_RULES,
    ACL_IN,
    INGRESS_RULES,
    TO_ITSELF
  }

  /// The fate of a packet that opens a connection.
  Fate first(PortId from, Probe probe) {
    return fate(rows.require(from), probe, true);
  }

  /// The fate of a packet that answers one which was delivered.
  Fate reply(PortId from, Probe probe) {
    return fate(rows.require(from), probe, false);
  }

  private Fate fate(Port source, Probe probe, boolean opens) {
    if (!isUp(source)) {
      return new Fate.Dropped(Cause.PORT_DOWN);
    }
    if (source.portSecurity() && !isItself(source, probe)) {
      return new Fate.Dropped(Cause.SPOOFED);
    }
    if (asksForAddresses(source, probe) && rows.require(source.subnet()).dhcp().enabled()) {
      return new Fate.AskedController();
    }
    boolean routed = probe.link().target().equals(GATEWAY);
    if (routed && isGatewayPing(source, probe)) {
      return new Fate.AnsweredByGateway();
    }
    if (routed && !passes(source, Direction.EGRESS, probe)) {
      return new Fate.Dropped(Cause.ACL_OUT);
    }
    if (routed && probe.ttl() <= 1) {
      return probe.ttl() == 1 ? new Fate.AskedController() : new Fate.Dropped(Cause.NO_HOP_LEFT);
    }
    Optional<RouteTarget> route = new Routing(rows).target(source, probe.path().target());
    if (routed && new Routing(rows).leadsNowhere(source, route)) {
      return new Fate.AskedController();
    }
    if (routed && route.get() instanceof RouteTarget.Blackhole) {
      return new Fate.Dropped(Cause.NO_ROUTE);
    }
    Optional<Port> target = target(source, probe);
    if (routed && !crosses(source, probe) && target.filter(this::isUp).isEmpty()) {
      return new Fate.AskedController();
    }
    if (target.isEmpty()) {
      return new Fate.Dropped(routed ? Cause.NO_SUCH_ADDRESS : Cause.NO_SUCH_MAC_IN_SUBNET);
    }
    return toPort(source, target.get(), probe, new Terms(routed, opens));
  }

  private Optional<Port> target(Port source, Probe probe) {
    return probe.link().target().equals(GATEWAY)
        ? new Routing(rows)
            .target(source, probe.path().target())
            .flatMap(route -> along(route, source, probe))
        : neighbor(source, probe.link().target());
  }

  private record Terms(boolean routed, boolean opens) {}

  private Fate toPort(Port source, Port target, Probe probe, Terms terms) {
    if (!isUp(target)) {
      return new Fate.Dropped(Cause.TARGET_DOWN);
    }
    if (terms.opens() && !allows(source, Direction.EGRESS, probe, target.groups())) {
      return new Fate.Dropped(Cause.EGRESS_RULES);
    }
    if (terms.opens() && !allows(target, Direction.INGRESS, probe, source.groups())) {
      return new Fate.Dropped(Cause.INGRESS_RULES);
    }
    if (comesFromGateway(probe) && !passes(target, Direction.INGRESS, probe)) {
      return new Fate.Dropped(Cause.ACL_IN);
    }
    if (target.id().equals(source.id())) {
      return new Fate.Dropped(Cause.TO_ITSELF);
    }
    return new Fate.Delivered(target.id(), terms.routed());
  }

  /// Or looks as if it did: a port without port security may say that it is the gateway.
  private static boolean comesFromGateway(Probe probe) {
    return probe.link().target().equals(GATEWAY) || probe.link().source().equals(GATEWAY);
  }

  private boolean isUp(Port port) {
    return port.adminUp()
        && rows.findBy(Binding.KIND, Binding.BY_PORT, port.id()).stream()
            .map(binding -> rows.find(binding.id().host()))
            .flatMap(Optional::stream)
            .map(Host::tunnelIp)
            .anyMatch(Objects::nonNull);
  }

  /// What the network ACL of the port's subnet says of what passes the subnet's gateway.
  private boolean passes(Port port, Direction direction, Probe probe) {
    NetworkAclId acl = rows.require(port.subnet()).networkAcl();
    if (acl == null) {
      return true;
    }
    boolean egress = direction == Direction.EGRESS;
    IpAddress remote = egress ? probe.path().target() : probe.path().source();
    return rows.require(acl).entries().stream()
        .filter(entry -> entry.direction() == direction)
        .filter(entry -> entry.cidr() == null || entry.cidr().contains(remote))
        .filter(entry -> covers(entry.service(), probe))
        .min(Comparator.comparingInt(NetworkAcl.Entry::number))
        .map(first -> first.verdict() == NetworkAcl.Verdict.ALLOW)
        .orElse(false);
  }

  private static boolean isItself(Port port, Probe probe) {
    boolean startsUp =
        isDhcp(probe)
            && probe.path().source().equals(NOWHERE)
            && probe.path().target().equals(EVERYBODY);
    MacAddress mac = probe.link().source();
    IpAddress address = probe.path().source();
    boolean own =
        mac.equals(port.mac())
            && (startsUp
                || port.addresses().contains(address)
                || port.ipv6Addresses().contains(address));
    boolean allowed =
        port.allowedPairs().stream()
            .anyMatch(pair ->
                pair.prefix().contains(address)
                    && mac.equals(pair.mac() == null ? port.mac() : pair.mac()));
    return !isDhcpServer(probe) && (own || allowed);
  }

  private static boolean isDhcpServer(Probe probe) {
    return probe.traffic().protocol() == Probe.UDP
        && probe.traffic().sourcePort() == (probe.isIpv6() ? 547 : 67);
  }

  private static boolean asksForAddresses(Port port, Probe probe) {
    boolean dhcpv6 =
        probe.isIpv6() && probe.traffic().equals(new Probe.Traffic(Probe.UDP, 546, 547));
    return isDhcp(probe) || (dhcpv6 && !port.ipv6Addresses().isEmpty());
  }

  private static boolean isDhcp(Probe probe) {
    return !probe.isIpv6() && probe.traffic().equals(new Probe.Traffic(Probe.UDP, 68, 67));
  }

  private boolean isGatewayPing(Port source, Probe probe) {
    return probe.isEcho()
        && subnetOf(source, probe.path().target())
            .filter(subnet -> isGateway(subnet, probe.path().target()))
            .isPresent();
  }

  private static boolean isGateway(Subnet subnet, IpAddress address) {
    return subnet.gateway().equals(address)
        || subnet.ipv6Gateway().filter(address::equals).isPresent();
  }

  private Optional<Subnet> subnetOf(Port source, IpAddress address) {
    return rows.findBy(Subnet.KIND, Subnet.BY_VPC, source.vpc()).stream()
        .filter(subnet -> isIn(subnet, address))
        .findFirst();
  }

  static boolean isIn(Subnet subnet, IpAddress address) {
    Ipv6Prefix ipv6 = subnet.ipv6Cidr();
    return subnet.cidr().contains(address) || (ipv6 != null && ipv6.contains(address));
  }

  /// Who announced a virtual address last has it, or else whose own it is.
  private Optional<Port> holder(VpcId vpc, IpAddress address) {
    Optional<Port> claimer =
        rows.find(new ClaimedAddress.Id(vpc, address)).map(claimed -> rows.require(claimed.port()));
    if (claimer.isPresent()) {
      return claimer;
    }
    return rows.findBy(Port.KIND, Port.BY_VPC, vpc).stream()
        .filter(
            port -> port.addresses().contains(address) || port.ipv6Addresses().contains(address))
        .findFirst();
  }

  private Optional<Port> along(RouteTarget route, Port source, Probe probe) {
    IpAddress target = probe.path().target();
    return switch (route) {
      case RouteTarget.ToPort(var port) -> Optional.of(rows.require(port));
      case RouteTarget.ToPeer(var peering) ->
          new Routing(rows).peer(source, peering).flatMap(vpc -> holder(vpc, target));
      default -> holder(source.vpc(), target);
    };
  }

  private Optional<Port> neighbor(Port source, MacAddress mac) {
    return rows.findBy(Port.KIND, Port.BY_SUBNET, source.subnet()).stream()
        .filter(port -> port.mac().equals(mac))
        .findFirst();
  }

  private boolean allows(Port port, Direction direction, Probe probe, Set<SecurityGroupId> others) {
    return groups(port).anyMatch(group -> allows(group, direction, probe, others));
  }

  private boolean allows(
      SecurityGroup group, Direction direction, Probe probe, Set<SecurityGroupId> others) {
    boolean egress = direction == Direction.EGRESS;
    IpAddress address = egress ? probe.path().target() : probe.path().source();
    return group.rules(direction).stream()
        .anyMatch(
            rule -> speaksOf(rule.remote(), address, others) && covers(rule.service(), probe));
  }

  /// In the order in which they are asked.
  private Stream<SecurityGroup> groups(Port port) {
    return port.groups().stream().sorted().map(rows::require);
  }

  /// What a group has logged of a packet.
  record Told(SecurityGroupId group, Direction direction, boolean accepted) {}

  /// What the groups of both ends have logged of a packet that opens a connection.
  Set<Told> told(PortId from, Probe probe) {
    Port source = rows.require(from);
    Fate fate = first(from, probe);
    Optional<Port> target = target(source, probe).filter(this::isUp);
    boolean judged =
        switch (fate) {
          case Fate.Delivered delivered -> true;
          case Fate.Dropped(Cause cause) ->
              cause.compareTo(Cause.TARGET_DOWN) > 0
                  || (cause.compareTo(Cause.NO_ROUTE) > 0 && crosses(source, probe));
          case Fate.AnsweredByGateway answered -> false;
          case Fate.AskedController asked -> false;
        };
    if (!judged) {
      return Set.of();
    }
    Set<SecurityGroupId> members = target.<Set<SecurityGroupId>>map(Port::groups).orElse(Set.of());
    Set<Told> told = told(source, Direction.EGRESS, probe, members);
    if (target.isPresent()
        && allows(source, Direction.EGRESS, probe, members)
        && (!comesFromGateway(probe) || passes(target.get(), Direction.INGRESS, probe))) {
      told.addAll(told(target.get(), Direction.INGRESS, probe, source.groups()));
    }
    return told;
  }

  /// Whether it goes over a peering: behind the egress rules of its own VPC, and before anybody
  /// asks whether there is such a target.
  private boolean crosses(Port source, Probe probe) {
    return probe.link().target().equals(GATEWAY)
        && new Routing(rows)
            .target(source, probe.path().target())
            .filter(route -> route instanceof RouteTarget.ToPeer)
            .isPresent();
  }

  /// A packet that is allowed is told of by the group that allows it, the first one asked; by each
  /// that allows everything, if any does. One that is not, by all that want it.
  private Set<Told> told(Port port, Direction direction, Probe probe, Set<SecurityGroupId> others) {
    boolean open = isOpen(port, direction);
    boolean allowed = allows(port, direction, probe, others);
    List<SecurityGroup> speakers =
        groups(port)
            .filter(group ->
                !allowed
                    || (open ? isOpen(group, direction) : allows(group, direction, probe, others)))
            .toList();
    return speakers.stream()
        .limit(allowed && !open ? 1 : speakers.size())
        .filter(group -> allowed ? group.logging().accepts() : group.logging().drops())
        .map(group -> new Told(group.id(), direction, allowed))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /// Whether two ports may say anything to each other, so that no host remembers what they do.
  boolean areOpen(PortId one, PortId other) {
    return Stream.of(one, other)
        .map(rows::require)
        .allMatch(port -> isOpen(port, Direction.EGRESS) && isOpen(port, Direction.INGRESS));
  }

  private boolean isOpen(Port port, Direction direction) {
    return groups(port).anyMatch(group -> isOpen(group, direction));
  }

  private static boolean isOpen(SecurityGroup group, Direction direction) {
    return allowsAll(group, direction, new Remote.Anywhere())
        || (allowsAll(group, direction, new Remote.Cidr(Ipv4Prefix.ANY))
            && allowsAll(group, direction, new Remote.Cidr(Ipv6Prefix.ANY)));
  }

  private static boolean allowsAll(SecurityGroup group, Direction direction, Remote remote) {
    return group.rules(direction).stream()
        .anyMatch(rule -> rule.service().equals(Service.ANY) && rule.remote().equals(remote));
  }

  private boolean speaksOf(Remote remote, IpAddress address, Set<SecurityGroupId> others) {
    return switch (remote) {
      case Remote.Anywhere() -> true;
      case Remote.Cidr(var prefix) -> prefix.contains(address);
      case Remote.Prefixes(var list) ->
          rows.require(list).prefixes().stream().anyMatch(prefix -> prefix.contains(address));
      case Remote.Group(var group) -> others.contains(group);
    };
  }

  private static boolean covers(Service service, Probe probe) {
    Probe.Traffic traffic = probe.traffic();
    int port = traffic.targetPort();
    return switch (service) {
      case Service.Any() -> true;
      case Service.Tcp(var ports) ->
          traffic.protocol() == Probe.TCP && ports.from() <= port && port <= ports.to();
      case Service.Udp(var ports) ->
          traffic.protocol() == Probe.UDP && ports.from() <= port && port <= ports.to();
      case Service.Icmp(int type, int code) ->
          traffic.protocol() == Probe.ICMP && (type == -1 || type == port) && code <= 0;
      case Service.Icmpv6(int type, int code) ->
          traffic.protocol() == Probe.ICMPV6 && (type == -1 || type == port) && code <= 0;
      case Service.Protocol(int number) -> traffic.protocol() == number;
    };
  }

  /// Which MAC a port is told when it asks for an address; nobody's where there is no answer.
  Optional<MacAddress> told(PortId from, IpAddress asked) {
    Port source = rows.require(from);
    Subnet subnet = rows.require(source.subnet());
    if (!isUp(source) || holder(source.vpc(), asked).filter(source::equals).isPresent()) {
      return Optional.empty();
    }
    return isGateway(subnet, asked)
        ? Optional.of(GATEWAY)
        : holder(source.vpc(), asked)
            .filter(port -> port.subnet().equals(source.subnet()))
            .map(Port::mac);
  }
}

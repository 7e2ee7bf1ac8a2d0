package io.heddle.node.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Feature;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.inventory.ClaimAddress;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Image;
import io.heddle.core.trace.FlowTables;
import io.heddle.firewall.FirewallFeature;
import io.heddle.firewall.command.CreateNetworkAcl;
import io.heddle.firewall.command.CreatePrefixList;
import io.heddle.firewall.command.CreateSecurityGroup;
import io.heddle.firewall.command.UpdateNetworkAcl;
import io.heddle.firewall.command.UpdatePrefixList;
import io.heddle.firewall.command.UpdateSecurityGroup;
import io.heddle.testkit.random.Seeded;
import io.heddle.vpc.VpcFeature;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.CreateProject;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.HostChoice;
import io.heddle.vpc.command.PortSettings;
import io.heddle.vpc.command.UpdatePort;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// A small cloud made by commands: VPCs with the same addresses and MACs, some subnets, security
/// groups with random rules, and ports plugged into one to three hosts or none.
final class RandomCloud {

  static final ProjectId PROJECT = new ProjectId("acme");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<PrefixListId> LISTS =
      List.of(new PrefixListId(uuid("list 1")), new PrefixListId(uuid("list 2")));

  private final Seeded seeded;
  private final RandomRouting routing;
  private final Compiler compiler = compiler();
  private final Map<HostId, FlowTables<CompiledFlow>> tables = new HashMap<>();
  private final Map<HostId, Map<PortId, Integer>> plugged = new HashMap<>();
  private final List<PortId> ports = new ArrayList<>();
  private final List<SecurityGroupId> groups = new ArrayList<>();
  private Image image = Image.EMPTY;

  RandomCloud(Seeded seeded) {
    this.seeded = seeded;
    this.routing = new RandomRouting(this, seeded);
    run(draft -> {
      draft.put(new Cluster(uuid("cluster"), 1, 1, "00112233445566778899aabbccddeeff"));
      return draft.accept(true);
    });
    run(new CreateProject(PROJECT, "acme", Map.of(), Project.Quotas.DEFAULT));
    for (int i = seeded.between(1, 3); i > 0; i--) {
      HostId host = new HostId("hv" + i);
      plugged.put(host, new HashMap<>());
      Ipv4Address tunnelIp = Ipv4Address.parse("192.0.2." + i);
      run(new ReportHost(host, "hv" + i, tunnelIp, Map.of(), PROJECT));
    }
    for (PrefixListId list : LISTS) {
      run(new CreatePrefixList(list, PROJECT, "list", Map.of(), entries()));
    }
    for (int i = seeded.between(1, 2); i > 0; i--) {
      vpc("vpc" + i, 0);
    }
    if (seeded.percent(40)) {
      vpc("peer", 1);
      vpc("beyond", 2);
      routing.peer("vpc1", "peer");
      routing.peer("peer", "beyond");
    }
    routing.routes();
    plugged.forEach((host, there) -> run(new ReportBindings(host, there)));
    if (seeded.percent(30)) {
      changeLogging();
    }
    checkFromScratch();
  }

  private static Compiler compiler() {
    List<Feature> features = List.of(VpcFeature.feature(), FirewallFeature.feature());
    return new Compiler(features, Compiler.OnFault.FAIL);
  }

  /// @param block VPCs of one block have the same addresses, those of different ones share none
  private void vpc(String name, int block) {
    VpcId vpc = new VpcId(uuid(name));
    SecurityGroupId byDefault = new SecurityGroupId(uuid(name + " default"));
    run(new CreateVpc(vpc, byDefault, PROJECT, name, Map.of(), cidrs(block), ipv6Cidrs(block)));
    List<NetworkAclId> acls = acls(name, vpc);
    List<SubnetId> subnets = new ArrayList<>();
    for (int i = seeded.between(1, 3); i > 0; i--) {
      SubnetId subnet = new SubnetId(uuid(name + " subnet " + i));
      Ipv4Prefix cidr =
          Ipv4Prefix.parse("10.%d.%d.0/%d".formatted(block, i, seeded.pickOf(24, 27)));
      String label = name + "-" + i;
      run(
          new CreateSubnet(
              subnet,
              vpc,
              PROJECT,
              label,
              Map.of(),
              cidr,
              Optional.empty(),
              seeded.percent(80)
                  ? Optional.of(Ipv6Prefix.parse("fd00:%d:0:%d::/64".formatted(block + 1, i)))
                  : Optional.empty(),
              "",
              dhcp(),
              seeded.percent(40) ? Optional.of(seeded.pick(acls)) : Optional.empty()));
      subnets.add(subnet);
    }
    List<SecurityGroupId> own = new ArrayList<>();
    for (int i = seeded.between(2, 4); i > 0; i--) {
      SecurityGroupId group = new SecurityGroupId(uuid(name + " group " + i));
      run(new CreateSecurityGroup(group, PROJECT, vpc, name + "-" + i, Map.of(), List.of()));
      own.add(group);
    }
    own.forEach(group -> run(rules(group, RandomRules.of(seeded, own, LISTS))));
    groups.addAll(own);
    own.add(byDefault);
    if (block > 0) {
      own.add(openGroup(name, vpc));
    }
    for (int i = seeded.between(3, 7); i > 0; i--) {
      port(name, i, seeded.pick(subnets), own);
    }
  }

  private static List<Ipv4Prefix> cidrs(int block) {
    return List.of(Ipv4Prefix.parse("10.%d.0.0/16".formatted(block)));
  }

  private static List<Ipv6Prefix> ipv6Cidrs(int block) {
    return List.of(Ipv6Prefix.parse("fd00:%d::/48".formatted(block + 1)));
  }

  /// Who is in it lets everybody in, peers too, who are in no group.
  private SecurityGroupId openGroup(String name, VpcId vpc) {
    SecurityGroupId open = new SecurityGroupId(uuid(name + " open"));
    run(new CreateSecurityGroup(open, PROJECT, vpc, "open", Map.of(), List.of()));
    run(rules(open, RandomRules.everything()));
    return open;
  }

  private List<NetworkAclId> acls(String vpcName, VpcId vpc) {
    List<NetworkAclId> acls = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      NetworkAclId acl = new NetworkAclId(uuid(vpcName + " acl " + i));
      run(
          new CreateNetworkAcl(
              acl, PROJECT, vpc, vpcName + "-" + i, Map.of(), RandomRules.entries(seeded)));
      acls.add(acl);
    }
    return acls;
  }

  private List<PrefixList.Entry> entries() {
    return RandomRules.prefixes(seeded).stream()
        .map(prefix -> new PrefixList.Entry(prefix, ""))
        .toList();
  }

  private Subnet.Dhcp dhcp() {
    return new Subnet.Dhcp(
        seeded.percent(80), List.of(), "", List.of(), Subnet.Dhcp.DEFAULT_LEASE_SECONDS);
  }

  private void port(String vpc, int number, SubnetId subnet, List<SecurityGroupId> choices) {
    PortId id = new PortId(uuid(vpc + " port " + number));
    PortSettings settings =
        new PortSettings(
            seeded.percent(90),
            seeded.percent(20) ? pairs() : List.of(),
            seeded.percent(97),
            "",
            new HostChoice.Any());
    run(
        new CreatePort(
            id,
            subnet,
            PROJECT,
            vpc + "-" + number,
            Map.of(),
            Optional.of(new MacAddress(0x0a00_0000_0000L + number)),
            List.of(),
            Optional.of(seeded.subset(choices, seeded.percent(10) ? 0 : 1, 3)),
            settings));
    ports.add(id);
    if (seeded.percent(96)) {
      Map<PortId, Integer> there =
          plugged.get(seeded.pick(plugged.keySet().stream().sorted().toList()));
      there.put(id, freeOfport(there));
    }
  }

  /// Prefixes of either family, one of them perhaps with a MAC of its own, and virtual addresses of
  /// two subnets.
  private List<AddressPair> pairs() {
    MacAddress other = new MacAddress(0x0a00_0000_00ffL);
    return List.of(
        new AddressPair(IpPrefix.parse("10.0.9.0/29"), seeded.flip() ? other : null),
        new AddressPair(IpPrefix.parse("fd00:1:0:9::/125"), seeded.flip() ? other : null),
        new AddressPair(IpPrefix.parse("10.0.1.9/32"), null),
        new AddressPair(IpPrefix.parse("10.0.2.9/32"), null));
  }

  private static int freeOfport(Map<PortId, Integer> plugged) {
    return 1 + plugged.values().stream().mapToInt(ofport -> ofport).max().orElse(0);
  }

  /// Gives one group other rules, or a list, an ACL or a port's groups other entries.
  void changePolicy() {
    switch (seeded.below(7)) {
      case 0 -> {
        run(
            new UpdatePrefixList(
                seeded.pick(LISTS),
                PROJECT,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(entries())));
        checkFromScratch();
      }
      case 1 -> {
        List<NetworkAcl> acls = image.all(NetworkAcl.KIND).stream().toList();
        NetworkAcl acl = acls.get(seeded.below(acls.size()));
        run(
            new UpdateNetworkAcl(
                acl.id(),
                PROJECT,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(RandomRules.entries(seeded))));
        checkFromScratch();
      }
      case 2 -> changeMembership();
      case 3 -> {
        Ipv4Address virtual = Ipv4Address.parse("10.0.%d.9".formatted(seeded.between(1, 2)));
        run(new ClaimAddress(seeded.pick(ports), virtual));
        checkFromScratch();
      }
      default -> changeRules();
    }
  }

  private void changeMembership() {
    Port port = image.require(seeded.pick(ports));
    List<SecurityGroupId> choices =
        image.findBy(SecurityGroup.KIND, SecurityGroup.BY_VPC, port.vpc()).stream()
            .map(SecurityGroup::id)
            .sorted()
            .toList();
    UpdatePort.Changes none = UpdatePort.Changes.NONE;
    run(
        new UpdatePort(
            port.id(),
            PROJECT,
            OptionalLong.empty(),
            new UpdatePort.Changes(
                none.name(),
                none.labels(),
                none.addresses(),
                Optional.of(seeded.subset(choices, 1, 3)),
                none.portSecurity(),
                none.allowedPairs(),
                none.adminUp(),
                none.deviceId(),
                none.requestedHost())));
    checkFromScratch();
  }

  private void changeRules() {
    SecurityGroup group = image.require(seeded.pick(groups));
    List<SecurityGroupId> siblings =
        image.findBy(SecurityGroup.KIND, SecurityGroup.BY_VPC, group.vpc()).stream()
            .map(SecurityGroup::id)
            .sorted()
            .toList();
    run(rules(group.id(), RandomRules.of(seeded, siblings, LISTS)));
    checkFromScratch();
  }

  /// Other rules, a port that moves to another host or is unplugged, or one more port.
  Image.Applied change() {
    Image before = image;
    int kind = seeded.below(5);
    List<RouteTable> routeTables = image.all(RouteTable.KIND).stream().toList();
    if (kind == 4 && !routeTables.isEmpty()) {
      routing.reroute(routeTables.get(seeded.below(routeTables.size())));
      checkFromScratch();
    } else if (kind == 0) {
      changeRules();
    } else if (kind == 1) {
      Port like = image.require(seeded.pick(ports));
      port(like.vpc() + " later", ports.size() + 1, like.subnet(), List.copyOf(like.groups()));
    } else {
      move(seeded.pick(ports));
    }
    return new Image.Applied(image, image.since(before));
  }

  private void move(PortId id) {
    for (Map.Entry<HostId, Map<PortId, Integer>> host : plugged.entrySet()) {
      if (host.getValue().remove(id) != null) {
        run(new ReportBindings(host.getKey(), host.getValue()));
      }
    }
    HostId target = seeded.pick(hosts());
    if (seeded.percent(80)) {
      Map<PortId, Integer> there = plugged.get(target);
      there.put(id, freeOfport(there));
      run(new ReportBindings(target, there));
    }
    checkFromScratch();
  }

  private static Command<SecurityGroup> rules(SecurityGroupId group, List<SecurityRule> rules) {
    return new UpdateSecurityGroup(
        group,
        PROJECT,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(rules));
  }

  /// Says anew which packets each group has logged.
  void changeLogging() {
    for (SecurityGroupId group : groups) {
      run(
          new UpdateSecurityGroup(
              group,
              PROJECT,
              OptionalLong.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(new SecurityGroup.Logging(seeded.flip(), seeded.flip()))));
    }
    checkFromScratch();
  }

  static UUID uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  <T> void run(Command<T> command) {
    switch (command.decide(new Draft(image, image.revision() + 1, NOW))) {
      case Decision.Accepted<T> accepted -> {
        Image.Applied applied = image.apply(image.revision() + 1, accepted.facts());
        image = applied.image();
        compiler.apply(image, applied.delta());
        tables.clear();
      }
      case Decision.Rejected<T> rejected -> throw new AssertionError(command + ": " + rejected);
    }
  }

  private void checkFromScratch() {
    Compiler scratch = compiler();
    scratch.apply(image, image.asDelta());
    assertEquals(scratch.snapshot(), compiler.snapshot(), "incremental = from scratch");
  }

  Image image() {
    return image;
  }

  Compiler compiled() {
    return compiler;
  }

  List<PortId> ports() {
    return ports;
  }

  Port port(PortId id) {
    return image.require(id);
  }

  /// The flows of all sets that a host subscribes to.
  FlowTables<CompiledFlow> tables(HostId host) {
    return tables.computeIfAbsent(host, id -> FlowTables.of(entries(id)));
  }

  List<FlowTables.Entry<CompiledFlow>> entries(HostId host) {
    List<FlowTables.Entry<CompiledFlow>> entries = new ArrayList<>();
    for (FlowSet set : compiler.setsOf(host)) {
      for (CompiledFlow flow : compiler.whole(set).added()) {
        entries.add(new FlowTables.Entry<>(flow.flow(), flow));
      }
    }
    return entries;
  }

  List<HostId> hosts() {
    return plugged.keySet().stream().sorted().toList();
  }
}

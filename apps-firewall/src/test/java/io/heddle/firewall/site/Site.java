package io.heddle.firewall.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Identities;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Image;
import io.heddle.core.store.Numbers;
import io.heddle.core.store.Problem;
import io.heddle.firewall.FirewallFeature;
import io.heddle.firewall.command.CreateSecurityGroup;
import io.heddle.firewall.command.UpdateSecurityGroup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/// Rows and flows of one VPC, `10.0.0.0/8`, on as many hosts as are named. Each change is checked:
/// what was compiled step by step is what compiling everything at once gives.
public final class Site {

  public static final ProjectId PROJECT = new ProjectId("acme");
  public static final VpcId VPC = new VpcId(uuid("vpc"));
  public static final SubnetId SUBNET = new SubnetId(uuid("subnet"));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Compiler compiler = compiler();
  private final Map<HostId, Map<PortId, Integer>> plugged = new HashMap<>();
  private Image image = Image.EMPTY;
  private CompileResult last;

  public Site() {
    last =
        run(draft -> {
          draft.put(new Cluster(uuid("cluster"), 1, 1, "0011223344556677"));
          draft.put(
              new Project(
                  PROJECT, draft.created("acme", PROJECT, Map.of()), Project.Quotas.DEFAULT));
          SecurityGroupId defaultGroup = groupId("default");
          draft.put(
              new Vpc(
                  VPC,
                  draft.created("blue", PROJECT, Map.of()),
                  List.of(Ipv4Prefix.parse("10.0.0.0/8")),
                  7,
                  (int) Checks.number(draft, Numbers.Space.VNI),
                  defaultGroup));
          draft.put(
              new Subnet(
                  SUBNET,
                  draft.created("flat", PROJECT, Map.of()),
                  VPC,
                  Ipv4Prefix.parse("10.0.0.0/8"),
                  Ipv4Address.parse("10.255.255.254"),
                  "",
                  Subnet.Dhcp.DEFAULT,
                  3));
          return draft.accept(true);
        });
  }

  private static Compiler compiler() {
    return new Compiler(
        List.of(BareNetwork.feature(), FirewallFeature.feature()), Compiler.OnFault.FAIL);
  }

  public static UUID uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  public static SecurityGroupId groupId(String name) {
    return new SecurityGroupId(uuid("group " + name));
  }

  public static PortId portId(String name) {
    return new PortId(uuid("port " + name));
  }

  public static MacAddress mac(Ipv4Address address) {
    return new MacAddress(0x0a00_0000_0000L | address.unsigned());
  }

  /// The IPv6 address of who has this one of IPv4.
  public static Ipv6Address ipv6(Ipv4Address address) {
    return Ipv6Address.parse("fd00::").plus(address.unsigned());
  }

  /// Decides a command, which must be accepted, and compiles what it changed.
  public <T> CompileResult run(Command<T> command) {
    Draft draft = new Draft(image, image.revision() + 1, NOW);
    return switch (command.decide(draft)) {
      case Decision.Accepted<T>(var result, var facts) -> {
        Image.Applied applied = image.apply(image.revision() + 1, facts);
        image = applied.image();
        last = compiler.apply(image, applied.delta());
        Compiler scratch = compiler();
        CompileResult all = scratch.apply(image, image.asDelta());
        assertEquals(all.revision(), last.revision());
        assertEquals(scratch.snapshot(), compiler.snapshot(), "incremental equals from scratch");
        yield last;
      }
      case Decision.Rejected<T>(Problem problem) -> throw new AssertionError(problem.toString());
    };
  }

  /// Decides a command, which must be refused.
  public Problem refused(Command<?> command) {
    return switch (command.decide(new Draft(image, image.revision() + 1, NOW))) {
      case Decision.Accepted<?> accepted -> throw new AssertionError(accepted.toString());
      case Decision.Rejected<?>(Problem problem) -> problem;
    };
  }

  public Image image() {
    return image;
  }

  public SecurityGroup group(String name) {
    return image.require(groupId(name));
  }

  public CompileResult createGroup(String name, SecurityRule... rules) {
    return run(
        new CreateSecurityGroup(groupId(name), PROJECT, VPC, name, Map.of(), List.of(rules)));
  }

  public CompileResult setRules(String name, SecurityRule... rules) {
    return run(
        new UpdateSecurityGroup(
            groupId(name),
            PROJECT,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(List.of(rules))));
  }

  /// Creates a prefix list, or gives it other entries.
  public CompileResult putList(String name, String... prefixes) {
    return run(draft -> {
      List<PrefixList.Entry> entries =
          Arrays.stream(prefixes)
              .map(prefix -> new PrefixList.Entry(IpPrefix.parse(prefix), ""))
              .toList();
      draft.put(new PrefixList(listId(name), draft.created(name, PROJECT, Map.of()), entries));
      return draft.accept(true);
    });
  }

  /// Gives the subnet a network ACL.
  public CompileResult setAcl(NetworkAclId acl) {
    Subnet subnet = image.require(SUBNET);
    return run(draft -> {
      draft.put(
          new Subnet(
              subnet.id(),
              subnet.meta(),
              subnet.vpc(),
              subnet.cidr(),
              subnet.gateway(),
              null,
              subnet.zone(),
              subnet.dhcp(),
              acl,
              subnet.tag()));
      return draft.accept(true);
    });
  }

  public static PrefixListId listId(String name) {
    return new PrefixListId(uuid("list " + name));
  }

  public static Remote list(String name) {
    return new Remote.Prefixes(listId(name));
  }

  public HostId createHost(String name, String tunnelIp) {
    HostId id = new HostId(name);
    run(draft -> {
      draft.put(
          new Host(
              id,
              draft.created(name, PROJECT, Map.of()),
              name,
              Ipv4Address.parse(tunnelIp),
              Map.of(),
              ""));
      return draft.accept(true);
    });
    return id;
  }

  /// Creates a port, or puts it into other groups.
  public Port putPort(String name, String address, String... groups) {
    run(draft -> {
      TreeSet<SecurityGroupId> ids = new TreeSet<>();
      for (String group : groups) {
        ids.add(groupId(group));
      }
      Optional<Port> before = draft.find(portId(name));
      Ipv4Address ip = Ipv4Address.parse(address);
      Port port =
          new Port(
              portId(name),
              draft.created(name, PROJECT, Map.of()),
              SUBNET,
              VPC,
              mac(ip),
              List.of(ip),
              List.of(ipv6(ip)),
              ids,
              Identities.acquire(draft, VPC, ids),
              portId(name).hashCode(),
              true,
              List.of(),
              true,
              "",
              null,
              null);
      draft.put(port);
      before
          .filter(old -> old.identity() != port.identity())
          .ifPresent(old -> Identities.releaseUnused(draft, old.identityId()));
      return draft.accept(port);
    });
    return image.require(portId(name));
  }

  /// Puts a changed row in place of one that is there.
  public void replace(Port port) {
    run(draft -> {
      draft.put(port);
      return draft.accept(true);
    });
  }

  public CompileResult plug(String port, HostId host, int ofport) {
    plugged.computeIfAbsent(host, k -> new HashMap<>()).put(portId(port), ofport);
    return run(new ReportBindings(host, plugged.get(host)));
  }

  public Port port(String name) {
    return image.require(portId(name));
  }

  public Binding binding(String port) {
    return image.findBy(Binding.KIND, Binding.BY_PORT, portId(port)).iterator().next();
  }

  public List<CompiledFlow> flowsOf(FlowSet set) {
    return compiler.subscribersOf(set).isEmpty() ? List.of() : allOf(set);
  }

  private List<CompiledFlow> allOf(FlowSet set) {
    List<CompiledFlow> flows = new ArrayList<>();
    for (CompiledFlow flow : compiler.snapshot().flows().values()) {
      if (flow.set().equals(set) && flow.flow().table() != Stage.SENTINEL.table()) {
        flows.add(flow);
      }
    }
    return flows;
  }

  public SortedSet<FlowSet> setsOf(HostId host) {
    return compiler.setsOf(host);
  }

  /// Everything that a host holds, but for marks.
  public List<CompiledFlow> flowsOf(HostId host) {
    List<CompiledFlow> flows = new ArrayList<>();
    Set<FlowSet> held = compiler.setsOf(host);
    for (CompiledFlow flow : compiler.snapshot().flows().values()) {
      if (held.contains(flow.set()) && flow.flow().table() != Stage.SENTINEL.table()) {
        flows.add(flow);
      }
    }
    return flows;
  }

  public List<String> textOf(HostId host) {
    return flowsOf(host).stream().map(CompiledFlow::flow).map(FlowText::flow).toList();
  }

  /// The flows of some sets, tables by name, sorted.
  public List<String> textOf(FlowSet set, Stage... stages) {
    return flowsOf(set).stream()
        .map(CompiledFlow::flow)
        .filter(flow -> stages.length == 0 || isIn(flow, stages))
        .sorted(IN_ORDER)
        .map(flow -> FlowText.flow(flow, Stage::tableName))
        .toList();
  }

  private static boolean isIn(Flow flow, Stage... stages) {
    return Arrays.stream(stages).anyMatch(stage -> stage.table() == flow.table());
  }

  private static final Comparator<Flow> IN_ORDER =
      Comparator.comparingInt(Flow::table)
          .thenComparing(Flow::priority, Comparator.reverseOrder())
          .thenComparing(Flow::toString);

  public static SecurityRule in(Service service, Remote remote) {
    return rule(Direction.INGRESS, service, remote);
  }

  public static SecurityRule out(Service service, Remote remote) {
    return rule(Direction.EGRESS, service, remote);
  }

  /// A rule's id follows from what it says.
  private static SecurityRule rule(Direction direction, Service service, Remote remote) {
    return new SecurityRule(
        uuid("%s %s %s".formatted(direction, service, remote)), direction, service, remote, "");
  }

  public static Remote anywhere() {
    return new Remote.Anywhere();
  }

  public static Remote cidr(String prefix) {
    return new Remote.Cidr(IpPrefix.parse(prefix));
  }

  public static Remote members(String group) {
    return new Remote.Group(groupId(group));
  }

  public static Service tcp(int from, int to) {
    return new Service.Tcp(new Service.PortRange(from, to));
  }

  public static Service tcp(int port) {
    return tcp(port, port);
  }

  public static Service udp(int from, int to) {
    return new Service.Udp(new Service.PortRange(from, to));
  }

  public static SecurityRule everythingOut() {
    return out(Service.ANY, anywhere());
  }

  public static SecurityRule everythingIn() {
    return in(Service.ANY, anywhere());
  }
}

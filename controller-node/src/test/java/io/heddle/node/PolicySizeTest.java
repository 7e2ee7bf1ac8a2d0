package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.Direction;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.PortId;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Image;
import io.heddle.firewall.FirewallFeature;
import io.heddle.firewall.command.AddSecurityRule;
import io.heddle.firewall.command.CreatePrefixList;
import io.heddle.firewall.command.CreateSecurityGroup;
import io.heddle.firewall.command.RemoveSecurityRule;
import io.heddle.firewall.command.UpdateSecurityGroup;
import io.heddle.vpc.VpcFeature;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.CreateProject;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.PortSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What policy costs a host: 100 hosts, 5,000 members of a group that speaks of itself. Counts what
/// is compiled for each host, which is what it is sent.
@Tag("slow")
class PolicySizeTest {

  private static final int HOSTS = 100;
  private static final int MEMBERS = 5_000;
  private static final ProjectId PROJECT = new ProjectId("acme");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final VpcId VPC = new VpcId(new UUID(1, 1));
  private static final SubnetId SUBNET = new SubnetId(new UUID(1, 2));
  private static final SecurityGroupId MESH = new SecurityGroupId(new UUID(1, 3));
  private static final SecurityGroupId OTHER = new SecurityGroupId(new UUID(1, 4));
  private static final Set<Integer> POLICY_TABLES =
      Set.of(
          Stage.TRACK_OUT.table(),
          Stage.GROUP_OUT.table(),
          Stage.EGRESS_RULES.table(),
          Stage.INGRESS_RULES.table(),
          Stage.SETTLE_OUT.table(),
          Stage.TRACK_IN.table(),
          Stage.GROUP_IN.table(),
          Stage.SETTLE_IN.table());

  private final Compiler compiler =
      new Compiler(List.of(VpcFeature.feature(), FirewallFeature.feature()), Compiler.OnFault.FAIL);
  private final Map<HostId, Map<PortId, Integer>> plugged = new HashMap<>();
  private Image image = Image.EMPTY;

  private <T> CompileResult run(Command<T> command) {
    return switch (command.decide(new Draft(image, image.revision() + 1, NOW))) {
      case Decision.Accepted<T> accepted -> {
        Image.Applied applied = image.apply(image.revision() + 1, accepted.facts());
        image = applied.image();
        yield compiler.apply(image, applied.delta());
      }
      case Decision.Rejected<T> rejected -> throw new AssertionError(command + ": " + rejected);
    };
  }

  private void cloud() {
    run(draft -> {
      draft.put(new Cluster(new UUID(1, 0), 1, 1, "00112233445566778899aabbccddeeff"));
      return draft.accept(true);
    });
    run(new CreateProject(PROJECT, "acme", Map.of(), Project.Quotas.DEFAULT));
    for (int i = 1; i <= HOSTS; i++) {
      HostId host = host(i);
      plugged.put(host, new HashMap<>());
      Ipv4Address tunnel = Ipv4Address.parse("192.0.2." + i);
      run(new ReportHost(host, host.value(), tunnel, Map.of(), PROJECT));
    }
    run(
        new CreateVpc(
            VPC,
            new SecurityGroupId(new UUID(1, 9)),
            PROJECT,
            "blue",
            Map.of(),
            List.of(Ipv4Prefix.parse("10.0.0.0/8")),
            List.of(Ipv6Prefix.parse("fd00:1::/48"))));
    run(
        new CreateSubnet(
            SUBNET,
            VPC,
            PROJECT,
            "all",
            Map.of(),
            Ipv4Prefix.parse("10.0.0.0/16"),
            Optional.empty(),
            Optional.of(Ipv6Prefix.parse("fd00:1:0:1::/64")),
            "",
            Subnet.Dhcp.DEFAULT,
            Optional.empty()));
    List<SecurityRule> rules = new ArrayList<>();
    rules.add(rule(Direction.EGRESS, Service.ANY, new Remote.Group(MESH)));
    for (int port = 1; port <= 20; port++) {
      rules.add(rule(Direction.INGRESS, tcp(port), new Remote.Group(MESH)));
    }
    run(new CreateSecurityGroup(MESH, PROJECT, VPC, "mesh", Map.of(), rules));
    run(new CreateSecurityGroup(OTHER, PROJECT, VPC, "other", Map.of(), List.of()));
  }

  private static HostId host(int number) {
    return new HostId("hv" + number);
  }

  private static Service tcp(int port) {
    return new Service.Tcp(Service.PortRange.single(port));
  }

  private static SecurityRule rule(Direction direction, Service service, Remote remote) {
    UUID id =
        UUID.nameUUIDFromBytes(
            (direction + " " + service + remote).getBytes(StandardCharsets.UTF_8));
    return new SecurityRule(id, direction, service, remote, "");
  }

  private CompileResult member(int number, SecurityGroupId... groups) {
    PortId id = new PortId(new UUID(2, number));
    CompileResult created =
        run(
            new CreatePort(
                id,
                SUBNET,
                PROJECT,
                "vm" + number,
                Map.of(),
                Optional.empty(),
                List.of(),
                Optional.of(List.of(groups)),
                PortSettings.DEFAULT));
    Map<PortId, Integer> there = plugged.get(host(1 + number % HOSTS));
    there.put(id, there.size() + 1);
    return created;
  }

  private CompileResult plug(int number) {
    HostId host = host(1 + number % HOSTS);
    return run(new ReportBindings(host, plugged.get(host)));
  }

  private static boolean isPolicy(CompiledFlow flow) {
    return POLICY_TABLES.contains(flow.flow().table());
  }

  private long policyFlows(HostId host) {
    return compiler.setsOf(host).stream()
        .flatMap(set -> compiler.whole(set).added().stream())
        .filter(PolicySizeTest::isPolicy)
        .count();
  }

  /// Flow-mods of policy that a host is sent for what changed in sets that it holds already.
  private long policyChanges(HostId host, CompileResult result) {
    Set<FlowSet> held = compiler.setsOf(host);
    long changes = 0;
    for (SetDelta delta : result.sets()) {
      if (held.contains(delta.set())) {
        changes += delta.added().stream().filter(PolicySizeTest::isPolicy).count();
        changes += delta.removed().stream().filter(PolicySizeTest::isPolicy).count();
      }
    }
    return changes;
  }

  @Test
  void policyGrowsWithIdentitiesAndRulesAndNotWithMembers() {
    cloud();
    for (int number = 1; number <= MEMBERS; number++) {
      member(number, MESH);
    }
    plugged.forEach((host, there) -> run(new ReportBindings(host, there)));
    long flows = policyFlows(host(7));
    assertTrue(flows < 200, () -> flows + " policy flows on a host");

    CompileResult created = member(MEMBERS + 1, MESH);
    CompileResult bound = plug(MEMBERS + 1);
    for (int i = 1; i <= HOSTS; i++) {
      assertEquals(0, policyChanges(host(i), created), "member 5,001 is created");
      assertEquals(0, policyChanges(host(i), bound), "member 5,001 is plugged in");
    }

    assertFewFlowMods("a rule more", allow(tcp(443)));
    SecurityRule first = rule(Direction.INGRESS, tcp(1), new Remote.Group(MESH));
    assertFewFlowMods(
        "a rule less",
        run(new RemoveSecurityRule(MESH, PROJECT, OptionalLong.empty(), first.id())));
    List<SecurityRule> other = new ArrayList<>(image.require(MESH).rules());
    other.set(1, rule(Direction.INGRESS, tcp(444), new Remote.Group(MESH)));
    assertFewFlowMods("a rule changed", replace(other));

    long before = policyFlows(host(7));
    identities(1, 10);
    assertEquals(before + 20, policyFlows(host(7)), "ten identities: one flow for each direction");
    for (int port = 1001; port <= 1020; port++) {
      CompileResult _ = allow(tcp(port));
    }
    assertEquals(before + 40, policyFlows(host(7)), "twenty rules: one flow for each");
    identities(11, 20);
    assertEquals(before + 60, policyFlows(host(7)), "ten identities cost what the first ten did");
    assertEquals(compiler.snapshot(), fromScratch().snapshot());
  }

  private CompileResult allow(Service service) {
    SecurityRule rule = rule(Direction.INGRESS, service, new Remote.Group(MESH));
    return run(new AddSecurityRule(MESH, PROJECT, OptionalLong.empty(), rule));
  }

  private CompileResult replace(List<SecurityRule> rules) {
    return run(
        new UpdateSecurityGroup(
            MESH,
            PROJECT,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(rules)));
  }

  /// Each of one more port, somewhere, in the mesh and in a group of its own.
  private void identities(int from, int to) {
    for (int i = from; i <= to; i++) {
      SecurityGroupId extra = new SecurityGroupId(new UUID(3, i));
      run(new CreateSecurityGroup(extra, PROJECT, VPC, "extra" + i, Map.of(), List.of()));
      member(MEMBERS + 1 + i, MESH, extra);
    }
  }

  /// All flow-mods are counted, those that mark sets included: what goes onto the wire.
  private void assertFewFlowMods(String what, CompileResult result) {
    for (int i = 1; i <= HOSTS; i++) {
      Set<FlowSet> held = compiler.setsOf(host(i));
      int mods =
          result.sets().stream()
              .filter(delta -> held.contains(delta.set()))
              .mapToInt(SetDelta::size)
              .sum();
      assertTrue(0 < mods && mods <= 4, () -> "%s: %d flow-mods".formatted(what, mods));
    }
  }

  private Compiler fromScratch() {
    Compiler scratch =
        new Compiler(
            List.of(VpcFeature.feature(), FirewallFeature.feature()), Compiler.OnFault.FAIL);
    scratch.apply(image, image.asDelta());
    return scratch;
  }

  @Test
  void anIpv6SetCostsOneFlowForEachCidrAndService() {
    cloud();
    List<PrefixList.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      entries.add(new PrefixList.Entry(IpPrefix.parse("2001:db8:%x::/48".formatted(i)), ""));
    }
    PrefixListId list = new PrefixListId(new UUID(4, 1));
    run(new CreatePrefixList(list, PROJECT, "partners", Map.of(), entries));
    member(1, OTHER);
    plug(1);
    HostId host = host(2);
    long before = policyFlows(host);
    for (int port : new int[] {80, 443}) {
      run(
          new AddSecurityRule(
              OTHER,
              PROJECT,
              OptionalLong.empty(),
              rule(Direction.INGRESS, tcp(port), new Remote.Prefixes(list))));
    }
    // And one that has the group looked up at each end.
    assertEquals(2 * 250 + 2, policyFlows(host) - before);
  }
}

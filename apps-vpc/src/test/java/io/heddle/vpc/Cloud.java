package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Feature;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Image;
import io.heddle.core.store.Problem;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.CreateProject;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.PortSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// An image and the flows that it compiles to, kept in step by the same code as in the controller.
public final class Cloud {

  public static final ProjectId ACME = new ProjectId("acme");
  public static final ProjectId OTHER = new ProjectId("other");
  private static final ProjectId OPERATORS = new ProjectId("operators");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Feature> features;
  private final Compiler compiler;
  private final Map<HostId, Map<PortId, Integer>> plugged = new HashMap<>();
  private Image image = Image.EMPTY;
  private CompileResult last = new CompileResult(0, List.of(), Set.of(), Set.of(), false);
  private long ids;

  /// With the VPC app and a policy that lets everything pass.
  public Cloud() {
    features = List.of(VpcFeature.feature(), new OpenPolicy().feature());
    compiler = new Compiler(features, Compiler.OnFault.FAIL);
    commit(draft -> {
      draft.put(new Cluster(new UUID(0, 1), 1, Cluster.CURRENT_FEATURE_LEVEL, "0123456789"));
      return draft.accept(true);
    });
    commit(new CreateProject(ACME, "Acme", Map.of(), Project.Quotas.DEFAULT));
    commit(new CreateProject(OTHER, "Other", Map.of(), Project.Quotas.DEFAULT));
  }

  /// Commits the command alone in its revision.
  public <T> T commit(Command<T> command) {
    Draft draft = draft();
    return switch (command.decide(draft)) {
      case Decision.Accepted<T>(T result, var facts) -> {
        apply(draft);
        yield result;
      }
      case Decision.Rejected<T>(Problem problem) -> throw new AssertionError(problem);
    };
  }

  /// The problem of a command that must be refused.
  public Problem refusal(Command<?> command) {
    return refusal(draft(), command);
  }

  public static Problem refusal(Draft draft, Command<?> command) {
    return switch (command.decide(draft)) {
      case Decision.Accepted<?>(Object result, var facts) ->
          throw new AssertionError("accepted: " + result);
      case Decision.Rejected<?>(Problem problem) -> problem;
    };
  }

  public Draft draft() {
    return new Draft(image, image.revision() + 1, NOW);
  }

  private void apply(Draft draft) {
    Image.Applied applied = image.apply(draft.revision(), draft.facts());
    image = applied.image();
    last = compiler.apply(image, applied.delta());
    Compiler scratch = new Compiler(features, Compiler.OnFault.FAIL);
    scratch.apply(image, image.asDelta());
    assertEquals(scratch.snapshot(), compiler.snapshot(), "incremental = from scratch");
  }

  public Image image() {
    return image;
  }

  /// What the last commit meant to switches.
  public CompileResult last() {
    return last;
  }

  public Compiler compiler() {
    return compiler;
  }

  public UUID nextId() {
    return new UUID(0, ++ids);
  }

  public HostId host(String name, String tunnelIp) {
    HostId id = new HostId(name);
    commit(new ReportHost(id, name, Ipv4Address.parse(tunnelIp), Map.of(), OPERATORS));
    return id;
  }

  public Vpc vpc(String name, String... cidrs) {
    return commit(createVpc(name, cidrs));
  }

  public CreateVpc createVpc(String name, String... cidrs) {
    return new CreateVpc(
        new VpcId(nextId()),
        new SecurityGroupId(nextId()),
        ACME,
        name,
        Map.of(),
        Arrays.stream(cidrs).map(Ipv4Prefix::parse).toList());
  }

  public Subnet subnet(String name, Vpc vpc, String cidr) {
    return commit(createSubnet(name, vpc, cidr));
  }

  public CreateSubnet createSubnet(String name, Vpc vpc, String cidr) {
    return new CreateSubnet(
        new SubnetId(nextId()),
        vpc.id(),
        ACME,
        name,
        Map.of(),
        Ipv4Prefix.parse(cidr),
        Optional.empty(),
        "",
        Subnet.Dhcp.DEFAULT);
  }

  public Port port(String name, Subnet subnet, String... addresses) {
    return commit(createPort(name, subnet, addresses));
  }

  public CreatePort createPort(String name, Subnet subnet, String... addresses) {
    return new CreatePort(
        new PortId(nextId()),
        subnet.id(),
        ACME,
        name,
        Map.of(),
        Optional.empty(),
        Arrays.stream(addresses).map(Ipv4Address::parse).toList(),
        Optional.empty(),
        PortSettings.DEFAULT);
  }

  /// The host reports one more interface.
  public void plug(Port port, HostId host, int ofport) {
    Map<PortId, Integer> there = plugged.computeIfAbsent(host, h -> new TreeMap<>());
    there.put(port.id(), ofport);
    assertEquals(Map.of(), commit(new ReportBindings(host, there)), "refused claims");
  }

  public void unplug(Port port, HostId host) {
    plugged.get(host).remove(port.id());
    commit(new ReportBindings(host, plugged.get(host)));
  }

  /// All flows that a host holds.
  public List<CompiledFlow> flows(HostId host) {
    List<CompiledFlow> flows = new ArrayList<>();
    for (FlowSet set : compiler.setsOf(host)) {
      flows.addAll(compiler.whole(set).added());
    }
    return flows;
  }
}

package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Flow;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Command;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Submission;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.rest.RestOptions;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.switches.SimulatedHost;
import io.heddle.testkit.switches.SimulatedSwitch;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.PortSettings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What fifty hosts cost: the promise of flow sets, held by a whole node and fifty simulated hosts
/// over real sockets.
final class FiftyHostsTest {

  private static final int HOSTS = 50;
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final ProjectId PROJECT = new ProjectId("default");
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

  @TempDir Path data;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final List<SimulatedHost> hosts = new ArrayList<>();
  private final SubnetId subnet = new SubnetId(UUID.randomUUID());
  private Node node;

  @BeforeEach
  void fiftyHostsWithAPortEach() throws Exception {
    node = start(portBelowTheEphemeralOnes(), portBelowTheEphemeralOnes());
    for (int i = 0; i < HOSTS; i++) {
      hosts.add(
          SimulatedHost.connect(
              new HostId("h" + i),
              Ipv4Address.parse("192.0.2." + (i + 1)),
              node.ovsdbAddress(),
              loops));
    }
    VpcId vpc = new VpcId(UUID.randomUUID());
    decide(
        new CreateVpc(
            vpc,
            new SecurityGroupId(UUID.randomUUID()),
            PROJECT,
            "blue",
            Map.of(),
            List.of(Ipv4Prefix.parse("10.0.0.0/16"))));
    decide(
        new CreateSubnet(
            subnet,
            vpc,
            PROJECT,
            "web",
            Map.of(),
            Ipv4Prefix.parse("10.0.1.0/24"),
            Optional.empty(),
            "",
            Subnet.Dhcp.DEFAULT));
    for (SimulatedHost host : hosts) {
      Port port = createPort("on-" + host.id());
      host.openflow().get(WITHIN.toSeconds(), TimeUnit.SECONDS);
      host.plug(port.id().toString(), port.mac());
    }
    awaitBound(HOSTS);
  }

  @AfterEach
  void close() {
    hosts.forEach(SimulatedHost::close);
    node.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /// Who dials a closed port of the ephemeral range on loopback over and over ends up connected to
  /// itself, and the port is taken when the node wants it back.
  private static int portBelowTheEphemeralOnes() {
    return Await.value(
        WITHIN,
        "a free port",
        () -> {
          int port = ThreadLocalRandom.current().nextInt(15_000, 30_000);
          try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return Optional.of(probe.getLocalPort());
          } catch (BindException e) {
            return Optional.empty();
          }
        });
  }

  private Node start(int ovsdbPort, int openflowPort) throws Exception {
    return Node.start(
        new NodeOptions(
            "n1",
            data,
            RestOptions.loopback(0),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), ovsdbPort),
            List.of(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), openflowPort),
            false),
        fault -> {
          throw new AssertionError("the node stopped", fault);
        });
  }

  private <T> T decide(Command<T> command) throws Exception {
    Outcome<T> outcome =
        node.store()
            .submit(Submission.of(command, "test", "test"))
            .get(WITHIN.toSeconds(), TimeUnit.SECONDS);
    if (outcome instanceof Outcome.Committed<T>(T result, long at)) {
      return result;
    }
    throw new AssertionError(outcome);
  }

  private Port createPort(String name) throws Exception {
    return decide(
        new CreatePort(
            new PortId(UUID.randomUUID()),
            subnet,
            PROJECT,
            name,
            Map.of(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            PortSettings.DEFAULT));
  }

  private void awaitBound(int ports) throws Exception {
    Await.until(
        WITHIN,
        ports + " ports are bound",
        () -> node.store().image().count(Binding.KIND) == ports);
    awaitRealized();
  }

  private void awaitRealized() throws Exception {
    node.fabric()
        .awaitRealized(node.store().image().revision())
        .get(WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  private SimulatedSwitch switchOf(int host) {
    return hosts.get(host).openflow().join();
  }

  private Set<Flow> policyFlows(int host) {
    return switchOf(host).flows().keySet().stream()
        .filter(flow -> POLICY_TABLES.contains(flow.table()))
        .collect(Collectors.toSet());
  }

  @Test
  void aPortIsCompiledAndEncodedOnceForAllFiftyAndChangesNoPolicyElsewhere() throws Exception {
    long encodings = node.fabric().encodings();
    hosts.forEach(host -> host.openflow().join().resetCounters());
    Port port = createPort("fifty-first");
    awaitRealized();
    assertEquals(
        1, node.fabric().encodings() - encodings, "one change of the VPC's set, encoded once");
    for (int i = 0; i < HOSTS; i++) {
      int flowMods = switchOf(i).counters().flowMods();
      assertTrue(flowMods >= 1 && flowMods <= 5, "host " + i + " got " + flowMods + " flow-mods");
    }

    List<Set<Flow>> policies = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      policies.add(policyFlows(i));
    }
    encodings = node.fabric().encodings();
    hosts.forEach(host -> host.openflow().join().resetCounters());
    hosts.get(7).plug(port.id().toString(), port.mac());
    awaitBound(HOSTS + 1);
    assertEquals(
        2, node.fabric().encodings() - encodings, "one for the VPC's set, one for host 7's own");
    for (int i = 0; i < HOSTS; i++) {
      assertEquals(policies.get(i), policyFlows(i), "policy flows of host " + i);
      if (i != 7) {
        int flowMods = switchOf(i).counters().flowMods();
        assertTrue(flowMods <= 2, "host " + i + " got " + flowMods + " flow-mods");
      }
      assertEquals(List.of(), switchOf(i).violations());
    }
  }

  @Test
  void aRestartSendsNothingToFiftySwitchesThatAreRight() throws Exception {
    int ovsdb = node.ovsdbAddress().getPort();
    int openflow = node.openflowAddress().getPort();
    node.close();
    hosts.forEach(host -> host.openflow().join().resetCounters());
    node = start(ovsdb, openflow);
    Await.until(
        WITHIN,
        "all hosts are programmed again",
        () ->
            node.fabric().progress().values().stream().filter(p -> p.connected()).count() == HOSTS);
    awaitRealized();
    for (int i = 0; i < HOSTS; i++) {
      assertEquals(0, switchOf(i).counters().flowMods(), "host " + i);
    }
  }

  @Test
  void aSwitchThatRefusesOneUnitHoldsUpNobody() throws Exception {
    switchOf(3)
        .refuse(
            mod -> mod instanceof FlowMod.Add add && add.flow().table() == Stage.NEIGHBOR.table(),
            SimulatedSwitch.RefusedAt.ADD,
            5,
            1);
    Port refused = createPort("refused-on-h3");
    awaitRealized();
    assertTrue(
        node.fabric().progress(new HostId("h3")).problem().contains("refused"),
        node.fabric().progress(new HostId("h3")).toString());
    assertTrue(
        node.fabric().progress(new HostId("h3")).refused().keySet().stream()
            .allMatch(unit -> unit.subject().equals(refused.id())));
    assertEquals("", node.fabric().progress(new HostId("h4")).problem());
  }
}

package io.heddle.ovsdb.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.ovsdb.lab.Await;
import io.heddle.ovsdb.lab.Node;
import io.heddle.ovsdb.lab.RealOvs;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.Standing;
import io.heddle.ovsdb.rpc.ListenerOptions;
import io.heddle.ovsdb.rpc.OvsdbListener;
import io.heddle.ovsdb.rpc.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One real Open vSwitch and three nodes: it is told of all, heard by all, written to by one.
class ClusterHostsTest {
  private static final HostId HOST = new HostId("hv1");

  private final List<Node> nodes = new ArrayList<>();
  private final List<Node> members = new CopyOnWriteArrayList<>();

  /// Ports at which nodes are found that have moved.
  private final Map<Node, Integer> moved = new ConcurrentHashMap<>();

  private Node n1;
  private Node n2;
  private Node n3;
  private RealOvs ovs;

  @BeforeEach
  void start() {
    n1 = node();
    n2 = node();
    n3 = node();
    ovs = RealOvs.start("hv1");
    ovs.vsctl("--no-wait", "set", "open", ".", "external_ids:heddle-encap-ip=192.0.2.7");
  }

  @AfterEach
  void stop() {
    nodes.forEach(Node::close);
    ovs.close();
  }

  private Node node() {
    HostSettings settings =
        new HostSettings(
            "br-int",
            Overlay.TUNNEL_OFPORT,
            new HostSettings.Controllers.At(this::targets),
            Duration.ofSeconds(5));
    Node node = Node.start(settings);
    nodes.add(node);
    members.add(node);
    return node;
  }

  private Targets targets() {
    return new Targets(
        members.stream().map(node -> openflow(node.port())).toList(),
        members.stream().map(node -> ovsdb(moved.getOrDefault(node, node.port()))).toList());
  }

  /// Nobody listens there; the number tells the nodes apart.
  private static String openflow(int ovsdbPort) {
    return "tcp:192.0.2.1:" + ovsdbPort;
  }

  private static String ovsdb(int port) {
    return "tcp:127.0.0.1:" + port;
  }

  /// The operator names one node, which rules.
  private void onboard() {
    ovs.manage(n1.port());
    n1.rule(1);
    awaitStanding(n1, new Standing.InStep(1));
  }

  private static HostReport awaitStanding(Node node, Standing standing) {
    return node.heard.awaitReport(
        "hv1", standing.toString(), report -> report.standing().equals(standing));
  }

  private static HostReport awaitReport(Node node) {
    return node.heard.awaitReport("hv1", "the host", report -> true);
  }

  private Set<String> managers() {
    return new TreeSet<>(ovs.vsctl("get-manager").lines().toList());
  }

  private static Set<String> ovsdbTargets(Node... nodes) {
    return new TreeSet<>(Stream.of(nodes).map(node -> ovsdb(node.port())).toList());
  }

  private String marked() {
    return ovs.vsctl(
        "--bare", "--columns=target", "find", "manager", "external_ids:heddle-managed=true");
  }

  @Test
  void aHostThatKnowsOneNodeIsToldOfAll() {
    onboard();
    awaitReport(n2);
    awaitReport(n3);
    assertEquals(ovsdbTargets(n1, n2, n3), managers());
    assertTrue(!marked().contains(ovsdb(n1.port())), "the operator's row is as it was");
    assertEquals(
        "5000 1000 out-of-band",
        String.join(
            " ",
            ovs.vsctl(
                    "--bare",
                    "--columns=inactivity_probe,max_backoff,connection_mode",
                    "find",
                    "manager",
                    "target=\"%s\"".formatted(ovsdb(n2.port())))
                .lines()
                .toList()));
    assertEquals(
        new TreeSet<>(targets().openflow()),
        new TreeSet<>(ovs.vsctl("get-controller", "br-int").lines().toList()));
    assertEquals(new Standing.Observed(), awaitReport(n2).standing());
  }

  @Test
  void nodesComeAndGoAndNobodyElseIsDisturbed() {
    onboard();
    awaitReport(n3);
    members.remove(n3);
    n1.hosts.settingsChanged();
    n3.heard.awaitDisconnects(1);
    assertEquals(ovsdbTargets(n1, n2), managers());
    Node n4 = node();
    n1.hosts.settingsChanged();
    awaitReport(n4);
    assertEquals(ovsdbTargets(n1, n2, n4), managers());
    awaitStanding(n1, new Standing.InStep(1));
    assertTrue(
        ovs.vsctl("get-controller", "br-int").contains(openflow(n4.port())),
        "and the switch is told, too");
    assertEquals(List.of(), n1.heard.disconnects());
    assertEquals(List.of(), n2.heard.disconnects());
    assertProgrammableSinceItWas(n1);
  }

  @Test
  void managersOfTheOperatorsStay() {
    ovs.vsctl(
        "--no-wait", "set-manager", "ptcp:0:127.0.0.1", "tcp:192.0.2.250:6640", ovsdb(n1.port()));
    n1.rule(1);
    awaitReport(n2);
    awaitReport(n3);
    Set<String> all = ovsdbTargets(n1, n2, n3);
    all.addAll(List.of("ptcp:0:127.0.0.1", "tcp:192.0.2.250:6640"));
    assertEquals(all, managers());
    members.removeAll(List.of(n1, n2));
    n1.hosts.settingsChanged();
    n2.heard.awaitDisconnects(1);
    all.removeAll(ovsdbTargets(n2));
    assertEquals(all, managers());
  }

  @Test
  void theWordPassesFromNodeToNodeWithoutAReconnect() {
    onboard();
    awaitReport(n2);
    n1.readOnly();
    n2.rule(2);
    awaitStanding(n2, new Standing.InStep(2));
    awaitStanding(n1, new Standing.Observed());
    ovs.vsctl("set", "bridge", "br-int", "fail_mode=standalone");
    Await.until(
        "n2 repairs it", () -> ovs.vsctl("get", "bridge", "br-int", "fail_mode").equals("secure"));
    n2.readOnly();
    n1.rule(3);
    awaitStanding(n1, new Standing.InStep(3));
    assertEquals(List.of(), n1.heard.disconnects());
    assertEquals(List.of(), n2.heard.disconnects());
  }

  @Test
  void aNewEpochLeavesAHostInStep() {
    onboard();
    n1.heard.awaitReport("hv1", "a programmable host", HostReport::programmable);
    for (int epoch = 2; epoch <= 12; epoch++) {
      n1.rule(epoch);
      awaitStanding(n1, new Standing.InStep(epoch));
    }
    assertEquals("\"12\"", ovs.vsctl("get", "bridge", "br-int", "external_ids:heddle-epoch"));
    assertProgrammableSinceItWas(n1);
  }

  private static void assertProgrammableSinceItWas(Node node) {
    assertEquals(
        List.of(),
        node.heard.history().stream()
            .dropWhile(report -> !report.programmable())
            .filter(report -> !report.programmable())
            .toList());
  }

  @Test
  void aDeposedNodeDoesNotMakeAgainABridgeThatTookItsMarkAlong() {
    onboard();
    awaitReport(n2);
    n2.rule(7);
    awaitStanding(n1, new Standing.Fenced(7));
    n2.readOnly();
    awaitStanding(n2, new Standing.Observed());
    ovs.vsctl("--no-wait", "del-br", "br-int");
    n1.heard.awaitReport(
        "hv1",
        "no bridge",
        report ->
            report.datapathId().isEmpty() && report.standing().equals(new Standing.Fenced(7)));
    assertEquals("", ovs.vsctl("list-br"));
    n2.rule(7);
    awaitStanding(n2, new Standing.InStep(7));
  }

  @Test
  void aSecondWayToTheSameNodeIsKeptForTheEndOfTheFirst() {
    try (OvsdbListener alias = alias(n1)) {
      ovs.manage(alias.address().getPort());
      n1.rule(1);
      awaitStanding(n1, new Standing.InStep(1));
      awaitReport(n3);
      Await.until("connected twice", () -> alias.connections() + n1.connections() == 2);
      ovs.vsctl("--no-wait", "remove", "open", ".", "manager_options", idOf(alias));
      n1.heard.awaitDisconnects(1);
      n1.heard.awaitReport("hv1", "the host by the other way", HostReport::programmable);
      assertEquals(List.of(), n1.heard.duplicates());
      assertEquals(1, n1.heard.disconnects().size());
      assertEquals(Set.of(HOST), n1.hosts.connected());
      assertEquals(ovsdbTargets(n1, n2, n3), managers());
    }
  }

  @Test
  void aNodeThatMovesCutsItsOwnWayOnce() {
    try (OvsdbListener alias = alias(n1)) {
      ovs.manage(n2.port());
      n2.rule(1);
      awaitReport(n1);
      n2.readOnly();
      n1.rule(2);
      awaitStanding(n1, new Standing.InStep(2));
      assertTrue(marked().contains(ovsdb(n1.port())), marked());
      moved.put(n1, alias.address().getPort());
      n1.hosts.settingsChanged();
      Await.until("it comes the new way", () -> alias.connections() == 1);
      n1.heard.awaitDisconnects(1);
      awaitStanding(n1, new Standing.InStep(2));
      String log = ovs.databaseLog();
      Await.until("the old way is closed", () -> n1.connections() == 0);
      n1.hosts.reclaimAll();
      assertEquals(1, n1.heard.disconnects().size());
      assertEquals(log, ovs.databaseLog());
    }
  }

  private OvsdbListener alias(Node node) {
    return OvsdbListener.listen(
        ListenerOptions.loopback(0), Timings.DEFAULT, node.loops, node.hosts::session);
  }

  private String idOf(OvsdbListener listener) {
    return ovs.vsctl(
        "--bare",
        "--columns=_uuid",
        "find",
        "manager",
        "target=\"%s\"".formatted(ovsdb(listener.address().getPort())));
  }
}

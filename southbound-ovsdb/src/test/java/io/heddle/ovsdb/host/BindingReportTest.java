package io.heddle.ovsdb.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import io.heddle.core.model.MacAddress;
import io.heddle.ovsdb.lab.Await;
import io.heddle.ovsdb.lab.Node;
import io.heddle.ovsdb.lab.RealOvs;
import io.heddle.ovsdb.report.BindingChanges;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.PluggedInterface;
import io.heddle.ovsdb.rpc.ListenerOptions;
import io.heddle.ovsdb.rpc.OvsdbDialer;
import io.heddle.ovsdb.rpc.Timings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What VMs plugged into a real Open vSwitch become in reports.
class BindingReportTest {
  private Node node;
  private RealOvs ovs;

  @BeforeEach
  void start() {
    node = Node.start();
    ovs = RealOvs.start("hv1");
    ovs.vsctl("--no-wait", "set", "open", ".", "external_ids:heddle-encap-ip=192.0.2.7");
    ovs.manage(node.port());
    node.rule(1);
    node.heard.awaitReport("hv1", "a programmable host", HostReport::programmable);
  }

  @AfterEach
  void stop() {
    node.close();
    ovs.close();
  }

  private List<String> plugging(String name, String ifaceId, String... more) {
    List<String> args =
        new ArrayList<>(List.of("--", "add-port", "br-int", name, "--", "set", "interface", name));
    args.add("external_ids:iface-id=" + ifaceId);
    args.addAll(List.of(more));
    return args;
  }

  private void plug(String name, String ifaceId, String... more) {
    ovs.vsctl(plugging(name, ifaceId, more).toArray(String[]::new));
  }

  private HostReport reportWith(int interfaces) {
    return node.heard.awaitReport(
        "hv1",
        interfaces + " interfaces with numbers",
        r ->
            r.interfaces().size() == interfaces
                && r.interfaces().stream().allMatch(p -> p.ofport().isPresent()));
  }

  @Test
  void pluggedNumberedUnplugged() {
    plug("tap1", "port-a", "external_ids:attached-mac=0a:00:00:00:00:01", "ofport_request=11");
    HostReport first = reportWith(1);
    PluggedInterface plugged = first.interfaces().getFirst();
    assertEquals("port-a", plugged.ifaceId());
    assertEquals("tap1", plugged.name());
    assertEquals(OptionalInt.of(11), plugged.ofport());
    assertEquals(Optional.of(MacAddress.parse("0a:00:00:00:00:01")), plugged.attachedMac());

    ovs.vsctl("set", "interface", "tap1", "ofport_request=12");
    HostReport second =
        node.heard.awaitReport(
            "hv1",
            "number 12",
            r -> r.interfaces().stream().anyMatch(p -> p.ofport().equals(OptionalInt.of(12))));
    BindingChanges changes = BindingChanges.between(first.interfaces(), second.interfaces());
    assertEquals(List.of(), changes.plugged());
    assertEquals(12, changes.changed().getFirst().ofport().getAsInt());

    ovs.vsctl("remove", "interface", "tap1", "external_ids", "iface-id");
    reportWith(0);
    ovs.vsctl("set", "interface", "tap1", "external_ids:iface-id=port-b");
    assertEquals("port-b", reportWith(1).interfaces().getFirst().ifaceId());
    ovs.vsctl("del-port", "tap1");
    reportWith(0);
  }

  @Test
  void aBurstIsAFewReports() {
    long before = node.heard.reports("hv1");
    List<String> burst = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      burst.addAll(plugging("tap" + i, "port-" + i));
    }
    ovs.vsctl(burst.toArray(String[]::new));
    reportWith(200);
    long reports = node.heard.reports("hv1") - before;
    assertTrue(reports <= 10, "reports for 200 ports: " + reports);
  }

  @Test
  void interfacesOfOtherBridgesAreNotReported() {
    ovs.vsctl("add-br", "br-other");
    ovs.vsctl(
        "add-port",
        "br-other",
        "tap9",
        "--",
        "set",
        "interface",
        "tap9",
        "external_ids:iface-id=x");
    plug("tap1", "port-a");
    assertEquals("port-a", reportWith(1).interfaces().getFirst().ifaceId());
  }

  @Test
  void aDatabaseThatDiesIsADisconnectAndComesBack() {
    plug("tap1", "port-a");
    reportWith(1);
    ovs.killDatabase();
    node.heard.awaitDisconnects(1);
    assertTrue(node.hosts.connected().isEmpty());
    ovs.restartDatabase();
    reportWith(1);
    assertTrue(node.hosts.connected().contains(new HostId("hv1")));
  }

  @Test
  void aFrozenDatabaseIsADisconnect() {
    Timings quick =
        new Timings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofMillis(200));
    try (Node strict = Node.start(quick)) {
      ovs.vsctl("--no-wait", "set-manager", "tcp:127.0.0.1:" + strict.port());
      strict.heard.awaitReport("hv1", "the host", r -> true);
      ovs.stopDatabase();
      strict.heard.awaitDisconnects(1);
      assertTrue(strict.heard.disconnects().getFirst().contains("no answer to echo"));
      ovs.continueDatabase();
      strict.heard.awaitReport("hv1", "the host again", r -> true);
    }
  }

  @Test
  void aSecondHostWithTheSystemIdIsRefused() {
    try (RealOvs twin = RealOvs.start("hv1")) {
      twin.vsctl("--no-wait", "set", "open", ".", "external_ids:heddle-encap-ip=192.0.2.8");
      twin.manage(node.port());
      node.heard.awaitDuplicate();
      assertEquals("", twin.vsctl("list-br"));
      assertEquals(List.of(), node.heard.disconnects());
    }
  }

  @Test
  void aSecondConnectionTakesOverFromADeadOne() {
    try (RealOvs twin = RealOvs.start("hv1")) {
      twin.vsctl("--no-wait", "set", "open", ".", "external_ids:heddle-encap-ip=192.0.2.8");
      ovs.stopDatabase();
      twin.manage(node.port());
      node.heard.awaitReport("hv1", "the twin", r -> r.encapIp().toString().contains("192.0.2.8"));
      assertEquals(1, node.heard.disconnects().size());
    } finally {
      ovs.continueDatabase();
    }
  }

  @Test
  void weCanDialTheHost() {
    int port = freePort();
    try (RealOvs passive = RealOvs.start("hv2")) {
      passive.vsctl("--no-wait", "set", "open", ".", "external_ids:heddle-encap-ip=192.0.2.9");
      try (var _ =
          OvsdbDialer.dial(
              new InetSocketAddress("127.0.0.1", port),
              Optional.empty(),
              Timings.DEFAULT,
              node.loops,
              node.hosts::session)) {
        passive.vsctl("--no-wait", "set-manager", "ptcp:" + port + ":127.0.0.1");
        node.heard.awaitReport("hv2", "a programmable host", HostReport::programmable);
      }
      Await.until("the session ends with its dialer", () -> !node.heard.disconnects().isEmpty());
    }
  }

  private static int freePort() {
    try (Node brief = Node.start()) {
      return brief.port();
    }
  }

  @Test
  void plainTcpOffLoopbackMustBeMeant() {
    InetSocketAddress outside = new InetSocketAddress("192.0.2.1", ListenerOptions.PORT);
    String sentence =
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class,
                () -> new ListenerOptions(outside, Optional.empty(), false))
            .getMessage();
    assertTrue(sentence.contains("--insecure-southbound"), sentence);
    new ListenerOptions(outside, Optional.empty(), true);
  }
}

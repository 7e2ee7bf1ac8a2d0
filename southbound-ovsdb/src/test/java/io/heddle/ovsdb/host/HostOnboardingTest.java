package io.heddle.ovsdb.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.ovsdb.lab.Await;
import io.heddle.ovsdb.lab.Node;
import io.heddle.ovsdb.lab.RealOvs;
import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.Standing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A real Open vSwitch onboards itself from nothing but `set-manager` and `external_ids`.
class HostOnboardingTest {
  private Node node;
  private RealOvs ovs;

  @BeforeEach
  void start() {
    node = Node.start();
    ovs = RealOvs.start("hv1");
  }

  @AfterEach
  void stop() {
    node.close();
    ovs.close();
  }

  private HostReport onboard() {
    identify();
    ovs.manage(node.port());
    node.rule(1);
    return programmable();
  }

  private void identify() {
    ovs.vsctl(
        "--no-wait",
        "set",
        "open",
        ".",
        "external_ids:hostname=kvm-1",
        "external_ids:heddle-encap-ip=192.0.2.7",
        "external_ids:heddle-bridge-mappings=physnet1:br-ex");
  }

  private static void awaitStanding(Node node, Standing standing) {
    node.heard.awaitReport("hv1", standing.toString(), r -> r.standing().equals(standing));
  }

  private HostReport programmable() {
    return node.heard.awaitReport("hv1", "a programmable host", HostReport::programmable);
  }

  private HostReport awaitProblem(HostProblem.Kind kind) {
    return node.heard.awaitReport(
        "hv1", kind.name(), r -> r.problems().stream().anyMatch(p -> p.kind() == kind));
  }

  @Test
  void aHostOnboardsFromNothing() {
    HostReport report = onboard();
    assertEquals("kvm-1", report.hostname());
    assertEquals(Ipv4Address.parse("192.0.2.7"), report.encapIp().orElseThrow());
    assertEquals(Map.of("physnet1", "br-ex"), report.bridgeMappings());
    assertEquals(new Standing.InStep(1), report.standing());
    assertEquals(List.of(), report.problems());
    assertEquals(
        "\"%016x\"".formatted(report.datapathId().getAsLong()),
        ovs.vsctl("get", "bridge", "br-int", "datapath_id"));
    assertEquals("secure", ovs.vsctl("get", "bridge", "br-int", "fail_mode"));
    assertEquals("tcp:127.0.0.1:6653", ovs.vsctl("get-controller", "br-int"));
    assertEquals("40000", ovs.vsctl("get", "interface", "heddle-vxlan", "ofport"));
    assertEquals(
        "{csum=\"false\", dst_port=\"4789\", key=flow, local_ip=\"192.0.2.7\", remote_ip=flow}",
        ovs.vsctl("get", "interface", "heddle-vxlan", "options"));
    assertTrue(ovs.vsctl("get", "bridge", "br-int", "protocols").contains("OpenFlow14"));
    assertEquals("\"true\"", ovs.vsctl("get", "bridge", "br-int", "other_config:disable-in-band"));
  }

  @Test
  void aHostInStepGetsNoTransaction() {
    onboard();
    String configuration = ovs.configuration();
    String log = ovs.databaseLog();
    node.hosts.disconnect(new HostId("hv1"), "the test says so");
    node.heard.awaitDisconnects(1);
    programmable();
    assertEquals(configuration, ovs.configuration());
    assertEquals(log, ovs.databaseLog());
    assertTrue(log.contains("heddle: "), log);
  }

  @Test
  void whatIsNotOursStays() {
    ovs.vsctl("add-br", "br-ex", "--", "set-controller", "br-ex", "tcp:192.0.2.99:6633");
    ovs.vsctl("set", "bridge", "br-ex", "fail_mode=standalone", "external_ids:owner=ops");
    ovs.vsctl("add-br", "br-int", "--", "set", "bridge", "br-int", "external_ids:note=mine");
    ovs.vsctl("set", "bridge", "br-int", "protocols=OpenFlow13", "other_config:mac-aging-time=60");
    ovs.vsctl("add-port", "br-int", "tap7");
    String dpid = ovs.vsctl("get", "bridge", "br-int", "datapath_id");
    String other = ovs.vsctl("list", "bridge", "br-ex");
    HostReport report = onboard();
    assertEquals(other, ovs.vsctl("list", "bridge", "br-ex"));
    assertEquals("tcp:192.0.2.99:6633", ovs.vsctl("get-controller", "br-ex"));
    assertTrue(ovs.vsctl("list-ports", "br-int").contains("tap7"));
    assertEquals("mine", ovs.vsctl("get", "bridge", "br-int", "external_ids:note"));
    assertEquals("\"60\"", ovs.vsctl("get", "bridge", "br-int", "other_config:mac-aging-time"));
    assertEquals("[OpenFlow13, OpenFlow14]", ovs.vsctl("get", "bridge", "br-int", "protocols"));
    assertEquals(dpid, ovs.vsctl("get", "bridge", "br-int", "datapath_id"));
    assertEquals(dpid, "\"%016x\"".formatted(report.datapathId().getAsLong()));
  }

  @Test
  void alteredSettingsAreRepaired() {
    onboard();
    ovs.vsctl("set", "bridge", "br-int", "fail_mode=standalone");
    ovs.vsctl("set-controller", "br-int", "tcp:192.0.2.99:6633");
    ovs.vsctl("set", "interface", "heddle-vxlan", "options:local_ip=192.0.2.8");
    becomes("secure", "get", "bridge", "br-int", "fail_mode");
    becomes("tcp:127.0.0.1:6653", "get-controller", "br-int");
    becomes("\"192.0.2.7\"", "get", "interface", "heddle-vxlan", "options:local_ip");
  }

  private void becomes(String wanted, String... command) {
    Await.until(
        String.join(" ", command) + " is " + wanted, () -> ovs.vsctl(command).equals(wanted));
  }

  @Test
  void aBridgeThatVanishesComesBackWithItsDatapathId() {
    HostReport before = onboard();
    ovs.vsctl("--no-wait", "del-br", "br-int");
    becomes("br-int", "list-br");
    becomes("40000", "get", "interface", "heddle-vxlan", "ofport");
    assertEquals(before.datapathId(), programmable().datapathId());
  }

  @Test
  void withoutATunnelAddressTheHostIsDegradedAndLeftAlone() {
    ovs.manage(node.port());
    node.rule(1);
    HostReport report = node.heard.awaitReport("hv1", "a problem", r -> !r.problems().isEmpty());
    assertEquals(HostProblem.Kind.ENCAP_IP, report.problems().getFirst().kind());
    assertTrue(
        report
            .problems()
            .getFirst()
            .sentence()
            .contains("ovs-vsctl set open . external_ids:heddle-encap-ip="));
    assertFalse(report.programmable());
    assertEquals("", ovs.vsctl("list-br"));
    identify();
    programmable();
  }

  @Test
  void aTakenNumberDegradesTheHost() {
    ovs.vsctl("add-br", "br-int", "--", "add-port", "br-int", "thief");
    ovs.vsctl("set", "interface", "thief", "ofport_request=40000");
    identify();
    ovs.manage(node.port());
    node.rule(1);
    HostReport report =
        node.heard.awaitReport(
            "hv1",
            "a wrong number",
            r -> r.problems().stream().anyMatch(p -> p.kind() == HostProblem.Kind.VXLAN_OFPORT));
    assertTrue(
        report.problems().getFirst().sentence().contains("\"thief\" has it"), report.toString());
    assertFalse(report.programmable());
    ovs.vsctl("del-port", "br-int", "thief", "--", "del-port", "br-int", "heddle-vxlan");
    programmable();
  }

  @Test
  void aPortOfOurNameOnAnotherBridgeIsNotTouched() {
    ovs.vsctl("add-br", "br-ex", "--", "add-port", "br-ex", "heddle-vxlan");
    identify();
    ovs.manage(node.port());
    node.rule(1);
    awaitProblem(HostProblem.Kind.VXLAN_NAME_TAKEN);
    assertEquals("br-ex", ovs.vsctl("port-to-br", "heddle-vxlan"));
    ovs.vsctl("del-port", "br-ex", "heddle-vxlan");
    programmable();
  }

  @Test
  void anOlderEpochIsFencedAndALaterOneTakesOver() {
    onboard();
    try (Node later = Node.start()) {
      ovs.vsctl(
          "--no-wait",
          "set-manager",
          "tcp:127.0.0.1:" + node.port(),
          "tcp:127.0.0.1:" + later.port());
      later.heard.awaitReport("hv1", "the host", r -> true);
      later.rule(7);
      awaitStanding(later, new Standing.InStep(7));
      awaitStanding(node, new Standing.Fenced(7));
      long reports = node.heard.reports("hv1");
      node.rule(6);
      node.rule(8);
      awaitStanding(node, new Standing.InStep(8));
      assertEquals("\"8\"", ovs.vsctl("get", "bridge", "br-int", "external_ids:heddle-epoch"));
      assertTrue(node.heard.reports("hv1") > reports);
    }
  }

  @Test
  void nothingIsWrittenBeforeAClaim() {
    identify();
    ovs.manage(node.port());
    HostReport report = node.heard.awaitReport("hv1", "the host", r -> true);
    assertEquals(new Standing.Observed(), report.standing());
    assertEquals("", ovs.vsctl("list-br"));
  }
}

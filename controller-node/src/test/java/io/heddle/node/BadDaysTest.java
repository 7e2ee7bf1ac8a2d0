package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.BackgroundPing;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What hosts, operators and strangers do wrong, and what comes of it.
@Tag("slow")
class BadDaysTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path folder;

  private static Site site;
  private static Tenant tenant;
  private static UUID subnet;
  private static LabHost hv1;
  private static LabHost hv2;
  private static Nic nearNic;
  private static Nic farNic;
  private static LabVm near;

  @BeforeAll
  static void build() {
    site = Site.open(folder.resolve("data"));
    tenant = site.tenant();
    hv1 = site.host("hv1");
    hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    subnet = tenant.subnet(tenant.vpc("blue", "10.0.0.0/16"), "front", "10.0.1.0/24");
    nearNic = tenant.port(subnet, "near");
    farNic = tenant.port(subnet, "far");
    near = site.machine("near", nearNic, hv1);
    LabVm _ = site.machine("far", farNic, hv2);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @Test
  void theSecondHostWithASystemIdChangesNothing() {
    LabHost twin = site.lab().host("twin");
    twin.vsctl("set", "Open_vSwitch", ".", "external_ids:system-id=" + hv1.systemId());
    site.introduce(twin);
    Await.until(
        PATIENCE,
        "the twin to be turned away",
        () -> twin.value("Manager", ".", "status").contains("sec_since_disconnect"));
    Api.Answer host = tenant.api().get("/v1/hosts/" + hv1.systemId()).orFail();
    assertEquals(hv1.tunnelIp(), host.text("/tunnelIp"));
    assertEquals("true", host.text("/connected"));
    assertFalse(twin.vsctl("list-br").contains("br-int"));
    assertTrue(near.reaches(farNic.address()));
    twin.close();
  }

  @Test
  void anInterfaceIdThatNobodyKnowsWaitsUntilItIsAPorts() {
    UUID unknown = UUID.randomUUID();
    Nic nic = tenant.port(subnet, "late");
    try (LabVm vm = hv1.plugVm("late", unknown, nic.mac())) {
      assertEquals("unbound", tenant.api().get("/v1/ports/" + nic.id()).text("/binding/state"));
      hv1.vsctl("set", "Interface", vm.iface(), "external_ids:iface-id=" + nic.id());
      Api.Answer _ = tenant.awaitRealized(nic);
      assertEquals(nic.address(), vm.dhcp().address());
    }
  }

  @Test
  void ofTwoHostsThatClaimAPortTheFirstKeepsItUntilItLetsGo() {
    Nic nic = tenant.port(subnet, "wanted");
    try (LabVm first = site.machine("wanted1", nic, hv1);
        LabVm second = hv2.plugVm("wanted2", nic.id(), nic.mac())) {
      Await.until(
          PATIENCE,
          "the second claim to be refused",
          () ->
              tenant
                  .api()
                  .get("/v1/hosts/" + hv2.systemId())
                  .text("/status/reason")
                  .contains(nic.id().toString()));
      assertEquals(hv1.systemId(), tenant.awaitRealized(nic).text("/binding/hostId"));
      assertTrue(first.reaches(farNic.address()));
      first.unplug();
      Await.until(
          PATIENCE,
          "the second host to have it",
          () -> tenant.awaitRealized(nic).text("/binding/hostId").equals(hv2.systemId()));
      assertEquals(nic.address(), second.dhcp().address());
      assertTrue(second.reaches(nearNic.address()));
    }
  }

  @Test
  void garbageOnTheSouthboundPortsDisturbsNobody() throws IOException {
    Random random = new Random(7);
    try (BackgroundPing along = near.pingAlong(farNic.address()).awaitFirstReply()) {
      for (int i = 0; i < 20; i++) {
        for (int port : List.of(NodeProcess.OVSDB_PORT, NodeProcess.OPENFLOW_PORT)) {
          byte[] garbage = new byte[1 + random.nextInt(5_000)];
          random.nextBytes(garbage);
          throwAt(port, garbage);
        }
      }
      UUID _ = tenant.subnet(tenant.vpc("after", "10.1.0.0/16"), "after", "10.1.0.0/24");
      along.awaitReplies(50);
      assertEquals(List.of(), along.stop().gaps());
    }
    for (LabHost host : List.of(hv1, hv2)) {
      assertEquals("true", tenant.api().get("/v1/hosts/" + host.systemId()).text("/connected"));
    }
  }

  private static void throwAt(int port, byte[] garbage) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(site.lab().controllerAddress(), port));
      socket.getOutputStream().write(garbage);
    }
  }

  @Test
  void aSwitchThatStartsAgainIsProgrammedAgain() {
    Nic nic = tenant.port(subnet, "patient");
    LabHost hv3 = site.host("hv3");
    site.lab().warmUnderlay();
    try (LabVm vm = site.machine("patient", nic, hv3)) {
      assertTrue(vm.reaches(nearNic.address()));
      hv3.restartVswitchd();
      Await.until(PATIENCE, "pings again", () -> vm.reaches(nearNic.address()));
      Api.Answer _ = tenant.awaitRealized(nic);
      assertEquals(nic.address(), vm.dhcp().address());
    }
  }

  @Test
  void aHostWithoutATunnelAddressSaysSo() {
    LabHost mute = site.lab().host("mute");
    mute.vsctl("remove", "Open_vSwitch", ".", "external_ids", "heddle-encap-ip");
    site.introduce(mute);
    Await.until(
        PATIENCE,
        "the host to be degraded for its tunnel address",
        () -> {
          Api.Answer host = tenant.api().get("/v1/hosts/" + mute.systemId());
          return host.text("/status/state").equals("degraded")
              && host.text("/status/reason").contains("heddle-encap-ip");
        });
    mute.close();
  }
}

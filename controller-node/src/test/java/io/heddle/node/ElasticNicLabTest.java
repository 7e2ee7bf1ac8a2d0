package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.Background;
import io.heddle.testkit.lab.BackgroundPing;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Interfaces that move, with real packets: a virtual address between two machines, a port to
/// another host, and to another machine.
@Tag("slow")
class ElasticNicLabTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String VIRTUAL = "10.0.1.100";

  @TempDir static Path folder;

  private static Site site;
  private static Tenant tenant;
  private static UUID subnet;
  private static LabHost hv1;
  private static LabHost hv2;
  private static LabVm client;

  @BeforeAll
  static void build() {
    site = Site.open(folder.resolve("data"));
    tenant = site.tenant();
    hv1 = site.host("hv1");
    hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    UUID vpc = tenant.vpc("blue", "10.0.0.0/16");
    subnet = tenant.subnet(vpc, "web", "10.0.1.0/24");
    UUID far = tenant.subnet(vpc, "db", "10.0.2.0/24");
    client = site.machine("client", tenant.port(far, "client"), hv1);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static Nic withVirtualAddress(String name) {
    String body =
        """
        {"name":"%s","subnetId":"%s",
         "allowedAddressPairs":[{"ipAddress":"%s"}]}
        """
            .formatted(name, subnet, VIRTUAL);
    Api.Answer port = tenant.api().post("/v1/ports", body).orFail();
    return new Nic(
        UUID.fromString(port.text("/id")),
        port.text("/macAddress"),
        port.text("/privateIps/0/address"));
  }

  private static boolean has(Nic nic) {
    return tenant
        .api()
        .unobserved()
        .get("/v1/ports/" + nic.id())
        .orFail()
        .body()
        .at("/allowedAddressPairs/0/active")
        .asBoolean();
  }

  /// VRRP as keepalived speaks it, to the other machine alone.
  private static Background vrrp(LabVm vm, int priority, String own, String other) {
    Path configuration = vm.netns().directory().resolve(vm.name() + ".conf");
    try {
      Files.writeString(
          configuration,
          """
          vrrp_instance heddle {
            state BACKUP
            interface eth0
            virtual_router_id 51
            priority %d
            advert_int 1
            garp_master_delay 1
            unicast_src_ip %s
            unicast_peer { %s }
            virtual_ipaddress { %s/32 }
          }
          """
              .formatted(priority, own, other, VIRTUAL));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    String folder = vm.netns().directory().toString();
    return vm.netns()
        .start(
            vm.name() + ".vrrp",
            "keepalived",
            "-n",
            "-l",
            "-P",
            "-f",
            configuration.toString(),
            "-p",
            folder + "/" + vm.name() + ".pid",
            "-r",
            folder + "/" + vm.name() + ".vrrp.pid");
  }

  @Test
  void aVirtualAddressFollowsVrrpsMaster() {
    Nic firstNic = withVirtualAddress("vrrp1");
    Nic secondNic = withVirtualAddress("vrrp2");
    try (LabVm first = site.machine("vrrp1", firstNic, hv1);
        LabVm second = site.machine("vrrp2", secondNic, hv2);
        Background standby = vrrp(second, 50, secondNic.address(), firstNic.address())) {
      try (Background master = vrrp(first, 150, firstNic.address(), secondNic.address())) {
        awaitMaster(firstNic, master);
        assertFalse(has(secondNic));
        String _ = master.interrupt();
        first.exec("ip", "link", "set", "eth0", "down");
      }
      awaitMaster(secondNic, standby);
      assertFalse(has(firstNic));
    }
  }

  private static void awaitMaster(Nic nic, Background vrrp) {
    try {
      Await.until(PATIENCE, "the address", () -> has(nic) && client.reaches(VIRTUAL));
    } catch (AssertionError late) {
      throw new AssertionError("active=%s; %s".formatted(has(nic), vrrp.output()), late);
    }
  }

  @Test
  void aVirtualAddressMovesByGratuitousArp() {
    Nic firstNic = withVirtualAddress("arp1");
    Nic secondNic = withVirtualAddress("arp2");
    try (LabVm first = site.machine("arp1", firstNic, hv1);
        LabVm second = site.machine("arp2", secondNic, hv2)) {
      take(first, "-U");
      Await.until(PATIENCE, "the first to have it", () -> has(firstNic));
      assertTrue(client.reaches(VIRTUAL));
      assertTrue(second.reaches(VIRTUAL), "from its own subnet");
      String _ = first.exec("ip", "addr", "del", VIRTUAL + "/32", "dev", "eth0");
      take(second, "-A");
      Await.until(PATIENCE, "the second to have it", () -> has(secondNic));
      assertTrue(client.reaches(VIRTUAL));
      assertTrue(first.reaches(VIRTUAL), "from its own subnet");
    }
  }

  private static void take(LabVm vm, String how) {
    String _ = vm.exec("ip", "addr", "add", VIRTUAL + "/32", "dev", "eth0");
    String _ = vm.exec("arping", how, "-c", "1", "-I", "eth0", "-s", VIRTUAL, VIRTUAL);
  }

  @Test
  void aPortKeepsEverythingOnAnotherMachineOfAnotherHost() {
    Nic nic = tenant.port(subnet, "traveller");
    Lease before;
    try (LabVm old = site.machine("old", nic, hv1)) {
      before = old.dhcp();
      assertTrue(client.reaches(nic.address()));
    }
    var _ = tenant.awaitBinding(nic, "unbound");
    try (LabVm young = site.machine("young", nic, hv2)) {
      assertEquals(before.address(), young.dhcp().address());
      assertTrue(client.reaches(nic.address()));
      assertTrue(young.reaches("10.0.1.1"));
    }
  }

  @Test
  void aMovingMachineIsReachedOnItsOldHostUntilItIsUpOnTheNewOne() {
    Nic nic = tenant.port(subnet, "mover");
    try (LabVm old = site.machine("mover", nic, hv1);
        BackgroundPing along = client.pingAlong(nic.address()).awaitFirstReply()) {
      var _ =
          tenant
              .api()
              .patch(
                  "/v1/ports/" + nic.id(),
                  "{\"migratingToHostId\":\"%s\"}".formatted(hv2.systemId()))
              .orFail();
      // Where nothing is sent yet: its interface is there, and the machine is not.
      LabVm young = hv2.plugSilentVm("mover2", nic.id(), nic.mac());
      Await.until(PATIENCE, "both bindings", () -> hosts(nic) == 2);
      assertEquals(hv1.systemId(), boundOn(nic));
      assertEquals(List.of(), along.stop().gaps(), "nothing was lost so far");
      young.awake();
      young.address(nic.address() + "/24");
      young.gateway("10.0.1.1");
      Await.until(PATIENCE, "it has arrived", () -> boundOn(nic).equals(hv2.systemId()));
      old.unplug();
      Await.until(PATIENCE, "it answers there", () -> client.reaches(nic.address()));
      young.close();
    }
  }

  private static int hosts(Nic nic) {
    return (int)
        Stream.of(hv1, hv2)
            .filter(host ->
                tenant
                    .api()
                    .unobserved()
                    .get("/v1/ports?hostId=" + host.systemId())
                    .orFail()
                    .body()
                    .toString()
                    .contains(nic.id().toString()))
            .count();
  }

  private static String boundOn(Nic nic) {
    return tenant.api().unobserved().get("/v1/ports/" + nic.id()).orFail().text("/binding/hostId");
  }
}

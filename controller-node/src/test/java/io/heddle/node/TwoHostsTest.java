package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.Background;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.Lease;
import io.heddle.testkit.lab.TcpOutcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two hypervisors, a VPC with two subnets, a rival VPC with the same addresses: who reaches whom.
@Tag("slow")
class TwoHostsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final String EGRESS = "{\"direction\":\"egress\"}";
  private static final String PINGABLE = "{\"direction\":\"ingress\",\"protocol\":\"icmp\"}";

  @TempDir static Path folder;

  private static Site site;
  private static Tenant tenant;
  private static UUID front;
  private static UUID web;
  private static UUID db;
  private static Nic web1Nic;
  private static Nic web2Nic;
  private static Nic web3Nic;
  private static Nic db1Nic;
  private static LabHost hv1;
  private static LabHost hv2;
  private static LabVm web1;
  private static LabVm web2;
  private static LabVm db1;
  private static LabVm rival1;

  @BeforeAll
  static void build() {
    site = Site.open(folder.resolve("data"));
    tenant = site.tenant();
    hv1 = site.host("hv1");
    hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    UUID shop = tenant.vpc("shop", "10.0.0.0/16");
    front = tenant.subnet(shop, "front", "10.0.1.0/24");
    UUID back = tenant.subnet(shop, "back", "10.0.2.0/24");
    web = tenant.group(shop, "web", EGRESS, PINGABLE);
    db = tenant.group(shop, "db", EGRESS, postgresFromWeb());
    web1Nic = tenant.port(front, "web1", web);
    web2Nic = tenant.port(front, "web2", web);
    web3Nic = tenant.port(front, "web3", web);
    db1Nic = tenant.port(back, "db1", db);
    UUID rival = tenant.vpc("rival", "10.0.0.0/16");
    Nic rivalNic = tenant.port(tenant.subnet(rival, "front", "10.0.1.0/24"), "rival1");
    web1 = site.machine("web1", web1Nic, hv1);
    web2 = site.machine("web2", web2Nic, hv1);
    LabVm _ = site.machine("web3", web3Nic, hv2);
    db1 = site.machine("db1", db1Nic, hv2);
    rival1 = site.machine("rival1", rivalNic, hv1);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static String postgresFromWeb() {
    return "{\"direction\":\"ingress\",\"protocol\":\"tcp\",\"portFrom\":5432,\"remoteGroupId\":\"%s\"}"
        .formatted(web);
  }

  @Test
  void aLeaseSaysWhatTheSubnetIs() {
    Lease lease = db1.dhcp();
    assertEquals(db1Nic.address(), lease.address());
    assertEquals(24, lease.prefixLength());
    assertEquals("10.0.2.1", lease.router().orElseThrow());
    assertEquals(1450, lease.mtu().orElseThrow());
  }

  @Test
  void machinesReachEachOtherInSubnetsAcrossThemAndAcrossHosts() {
    assertTrue(web1.reaches(web2Nic.address()), "same subnet, same host");
    assertTrue(web1.reaches(web3Nic.address()), "same subnet, across hosts");
    assertTrue(db1.reaches(web3Nic.address()), "across subnets, same host");
    assertTrue(db1.reaches(web1Nic.address()), "across subnets and hosts");
    assertTrue(web1.reaches("10.0.1.1"), "gateway");
  }

  @Test
  void policyLetsInWhatItNamesAndNothingElse() throws IOException {
    assertFalse(web1.ping(db1Nic.address()).within(SILENCE).run().received() > 0, "ping");
    try (ServerSocket _ = db1.listen(5432);
        ServerSocket _ = db1.listen(22);
        ServerSocket _ = web1.listen(80)) {
      assertEquals(TcpOutcome.CONNECTED, web1.connect(db1Nic.address(), 5432, PATIENCE));
      assertEquals(TcpOutcome.TIMED_OUT, web1.connect(db1Nic.address(), 22, SILENCE));
      assertEquals(TcpOutcome.TIMED_OUT, db1.connect(web1Nic.address(), 80, SILENCE));
    }
  }

  @Test
  void aRuleThatGoesCutsAndOneThatComesAdmits() throws IOException {
    try (ServerSocket _ = db1.listen(5432)) {
      assertEquals(TcpOutcome.CONNECTED, web2.connect(db1Nic.address(), 5432, PATIENCE));
      tenant.disallow(db, tenant.ruleFor(db, 5432));
      assertEquals(TcpOutcome.TIMED_OUT, web2.connect(db1Nic.address(), 5432, SILENCE));
      UUID _ = tenant.allow(db, postgresFromWeb());
      assertEquals(TcpOutcome.CONNECTED, web2.connect(db1Nic.address(), 5432, PATIENCE));
    }
  }

  @Test
  void anotherVpcWithTheSameAddressesIsAnotherWorld() {
    assertFalse(rival1.ping(web2Nic.address()).within(SILENCE).run().received() > 0);
    assertFalse(rival1.ping(db1Nic.address()).within(SILENCE).run().received() > 0);
  }

  @Test
  void anAddressThatNobodyHasIsSilent() {
    assertFalse(web1.ping("10.0.1.99").within(SILENCE).run().received() > 0);
    assertFalse(web1.ping("10.0.99.9").within(SILENCE).run().received() > 0);
  }

  @Test
  void whoSpoofsIsNotHeard() {
    Nic nic = tenant.port(front, "spoofer", web);
    try (LabVm spoofer = site.machine("spoofer", nic, hv1);
        Background seen =
            web1.netns()
                .start(
                    "spoof.cap",
                    "tcpdump",
                    "-n",
                    "-e",
                    "-l",
                    "--immediate-mode",
                    "-i",
                    "eth0",
                    "icmp")) {
      Await.until(PATIENCE, "tcpdump", () -> seen.output().contains("listening on"));
      String target = web1Nic.address();
      String _ = spoofer.exec("ip", "addr", "add", "10.0.1.77/32", "dev", "eth0");
      String _ =
          spoofer.exec("ip", "neigh", "replace", target, "lladdr", web1.mac(), "dev", "eth0");
      pingFrom(spoofer, "10.0.1.77", target);
      String _ = spoofer.exec("ip", "link", "set", "eth0", "address", "0e:00:00:00:00:99");
      String _ =
          spoofer.exec("ip", "neigh", "replace", target, "lladdr", web1.mac(), "dev", "eth0");
      pingFrom(spoofer, nic.address(), target);
      assertTrue(web2.reaches(target));
      Await.until(PATIENCE, "an honest ping", () -> seen.output().contains(web2Nic.address()));
      assertFalse(seen.output().contains("10.0.1.77"), seen::output);
      assertFalse(seen.output().contains("0e:00:00:00:00:99"), seen::output);
      assertFalse(seen.output().contains(nic.address() + " >"), seen::output);
    }
  }

  private static void pingFrom(LabVm vm, String source, String target) {
    var result =
        vm.netns()
            .command("ping", "-n", "-c", "3", "-i", "0.2", "-w", "1", "-I", source, target)
            .attempt();
    assertEquals(1, result.exit(), result::out); // sent, and no answer
  }

  @Test
  void aDeletedPortIsSilentAtOnce() {
    Nic nic = tenant.port(front, "brief", web);
    try (LabVm brief = site.machine("brief", nic, hv2)) {
      assertTrue(brief.reaches(web1Nic.address()));
      assertTrue(web1.reaches(nic.address()));
      tenant.delete(nic);
      assertFalse(brief.ping(web1Nic.address()).within(SILENCE).run().received() > 0);
      assertFalse(web1.ping(nic.address()).within(SILENCE).run().received() > 0);
    }
  }
}

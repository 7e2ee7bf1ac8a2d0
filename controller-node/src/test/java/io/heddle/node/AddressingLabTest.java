package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.Background;
import io.heddle.testkit.lab.Dhclient;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How real clients come by their addresses: the kernel by router advertisements, dhclient and
/// udhcpc by DHCP of both families.
@Tag("slow")
class AddressingLabTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String GATEWAY = "fe80::c00:ff:fe00:1";

  @TempDir static Path folder;

  private static Site site;
  private static Tenant tenant;
  private static UUID makes;
  private static UUID asks;
  private static LabHost hv1;
  private static LabHost hv2;

  @BeforeAll
  static void build() {
    site = Site.open(folder.resolve("data"));
    tenant = site.tenant();
    hv1 = site.host("hv1");
    hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    UUID vpc = created("/v1/vpcs", "{\"cidrs\":[\"10.0.0.0/16\"],\"ipv6Cidrs\":[\"fd00:1::/48\"]}");
    makes = subnet(vpc, 1, "{\"dnsServers\":[\"fd00:1:0:1::53\"]}");
    asks =
        subnet(
            vpc,
            2,
            """
            {"ipv6AddressMode":"dhcpv6Stateful","dnsServers":["10.0.2.2","fd00:1:0:2::53"],
             "domainName":"blue.example","searchDomains":["a.example","b.example"],
             "ntpServers":["10.0.2.3","fd00:1:0:2::123"],"leaseSeconds":3600,
             "tftpServer":"10.0.2.4","bootFile":"pxelinux.0"}
            """);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static UUID created(String path, String body) {
    return UUID.fromString(tenant.api().post(path, body).orFail().text("/id"));
  }

  private static UUID subnet(UUID vpc, int number, String dhcp) {
    return created(
        "/v1/subnets",
        "{\"vpcId\":\"%s\",\"cidr\":\"10.0.%d.0/24\",\"ipv6Cidr\":\"fd00:1:0:%d::/64\",\"dhcp\":%s}"
            .formatted(vpc, number, number, dhcp));
  }

  private static LabVm plugged(String name, Nic nic, LabHost host) {
    LabVm vm = host.plugVm(name, nic.id(), nic.mac());
    var _ = tenant.awaitRealized(nic);
    return vm;
  }

  private static String ipv6Of(Nic nic) {
    return tenant.api().get("/v1/ports/" + nic.id()).orFail().text("/privateIps/1/address");
  }

  /// Waits until the guest uses an address, which it has found to be nobody else's.
  private static void awaitAddress(LabVm vm, String address) {
    Await.until(
        PATIENCE,
        vm.name() + " to use " + address,
        () -> vm.exec("ip", "-6", "addr", "show", "dev", "eth0", "-tentative").contains(address));
    String all = vm.exec("ip", "-6", "addr", "show", "dev", "eth0");
    assertFalse(all.contains("dadfailed"), all);
  }

  @Test
  void theKernelMakesItsAddressAndFindsItsRouter() {
    Nic nearNic = tenant.port(makes, "near");
    Nic farNic = tenant.port(makes, "far");
    try (LabVm near = plugged("near", nearNic, hv1);
        LabVm far = plugged("far", farNic, hv2)) {
      awaitAddress(near, ipv6Of(nearNic));
      awaitAddress(far, ipv6Of(farNic));
      String route = near.exec("ip", "-6", "route", "show", "default");
      assertTrue(route.contains("via " + GATEWAY + " dev eth0 proto ra"), route);
      assertTrue(route.matches("(?s).*expires 655[0-9][0-9]sec.*"), route);
      assertTrue(near.exec("cat", "/proc/sys/net/ipv6/conf/eth0/mtu").contains("1450"));
      assertTrue(near.reaches(ipv6Of(farNic)), "across hosts, by its own address");
      assertTrue(near.reaches("fd00:1:0:2::1"), "a gateway, by the router");
      assertTrue(near.exec("ip", "-6", "neigh").contains(GATEWAY), "the router is a neighbor");
    }
  }

  @Test
  void dhclientIsGivenThePortsAddressAndTheRouterIsAdvertised() {
    Nic nic = tenant.port(asks, "asker");
    try (LabVm vm = plugged("asker", nic, hv1)) {
      Await.until(
          PATIENCE,
          "a default route",
          () -> vm.exec("ip", "-6", "route", "show", "default").contains(GATEWAY));
      String before = vm.exec("ip", "-6", "addr", "show", "dev", "eth0", "scope", "global");
      assertEquals("", before, "nobody makes an address here");
      Dhclient client = Dhclient.ipv6(vm);
      assertEquals(Optional.of(ipv6Of(nic)), client.value("new_ip6_address"));
      assertEquals(Optional.of("3600"), client.value("new_max_life"));
      assertEquals(Optional.of("fd00:1:0:2::53"), client.value("new_dhcp6_name_servers"));
      assertEquals(Optional.of("fd00:1:0:2::123"), client.value("new_dhcp6_sntp_servers"));
      assertEquals(Optional.of("a.example. b.example."), client.value("new_dhcp6_domain_search"));
      awaitAddress(vm, ipv6Of(nic));
      assertTrue(vm.reaches("fd00:1:0:2::1"), "its gateway");
    }
  }

  @Test
  void dhclientIsToldAllThatCloudImagesUse() {
    Nic nic = tenant.port(asks, "image");
    try (LabVm vm = plugged("image", nic, hv1)) {
      Dhclient client = Dhclient.ipv4(vm);
      assertEquals(Optional.of(nic.address()), client.value("new_ip_address"));
      assertEquals(Optional.of("10.0.2.1"), client.value("new_routers"));
      assertEquals(Optional.of("0 10 0 2 1"), client.value("new_rfc3442_classless_static_routes"));
      assertEquals(Optional.of("1450"), client.value("new_interface_mtu"));
      assertEquals(Optional.of("10.0.2.2"), client.value("new_domain_name_servers"));
      assertEquals(Optional.of("blue.example"), client.value("new_domain_name"));
      assertEquals(Optional.of("a.example. b.example."), client.value("new_domain_search"));
      assertEquals(Optional.of("10.0.2.3"), client.value("new_ntp_servers"));
      assertEquals(Optional.of("3600"), client.value("new_dhcp_lease_time"));
      assertEquals(Optional.of("10.0.2.4"), client.value("new_tftp_server_name"));
      assertEquals(Optional.of("pxelinux.0"), client.value("new_bootfile_name"));
      assertEquals(Optional.of("10.0.2.4"), client.value("new_tftp_server_address"));
      assertEquals(Optional.of("10.0.2.4"), client.value("new_next_server"));
      assertEquals(Optional.of("pxelinux.0"), client.value("new_filename"));
    }
  }

  @Test
  void whoComesWithAnAddressOfAnotherSubnetIsToldNoAndAsksAgain() {
    Nic nic = tenant.port(asks, "mover");
    try (LabVm vm = plugged("mover", nic, hv1)) {
      Dhclient client =
          Dhclient.ipv4(
              vm,
              """
              lease {
                interface "eth0";
                fixed-address 10.0.1.77;
                option subnet-mask 255.255.255.0;
                option dhcp-lease-time 600000;
                option dhcp-message-type 5;
                option dhcp-server-identifier 10.0.1.1;
                renew 1 2035/01/01 00:00:00;
                rebind 2 2036/01/01 00:00:00;
                expire 3 2037/01/01 00:00:00;
              }
              """);
      assertTrue(client.log().contains("DHCPNAK from 10.0.2.1"), client::log);
      assertEquals(Optional.of(nic.address()), client.value("new_ip_address"));
    }
  }

  @Test
  void aLeaseIsRenewedByUnicast() {
    Nic nic = tenant.port(asks, "renewer");
    try (LabVm vm = plugged("renewer", nic, hv1);
        Background seen = capture(vm, "udp port 67");
        Background client =
            vm.netns()
                .start("udhcpc", "udhcpc", "-i", "eth0", "-f", "-S", "-s", setter(vm).toString())) {
      String acked = "lease of " + nic.address() + " obtained";
      Await.until(PATIENCE, "a lease", () -> client.output().contains(acked));
      String _ = vm.exec("kill", "-USR1", Long.toString(client.pid()));
      Await.until(PATIENCE, "a second lease", () -> client.output().split(acked, -1).length > 2);
      Await.until(
          PATIENCE,
          "a request and its answer, by unicast",
          () ->
              seen.output().contains(nic.address() + ".68 > 10.0.2.1.67")
                  && seen.output().contains("10.0.2.1.67 > " + nic.address() + ".68"));
    }
  }

  private static Path setter(LabVm vm) {
    Path script = vm.netns().directory().resolve("set.sh");
    String _ =
        vm.exec(
            "sh",
            "-c",
            """
            cat >%s <<'END'
            #!/bin/sh
            [ -n "$ip" ] && ip addr replace "$ip/$mask" dev "$interface"
            [ -n "$router" ] && ip route replace default via "$router"
            exit 0
            END
            chmod +x %s
            """
                .formatted(script, script));
    return script;
  }

  private static Background capture(LabVm vm, String what) {
    Background seen =
        vm.netns()
            .start(
                vm.name() + ".cap",
                "tcpdump",
                "-n",
                "-l",
                "-v",
                "--immediate-mode",
                "-i",
                "eth0",
                what);
    Await.until(PATIENCE, "tcpdump", () -> seen.output().contains("listening on"));
    return seen;
  }

  @Test
  void machinesAreToldAtOnceWhatChanges() {
    Nic nic = tenant.port(makes, "listener");
    try (LabVm vm = plugged("listener", nic, hv1)) {
      awaitAddress(vm, ipv6Of(nic));
      try (Background seen = capture(vm, "icmp6 and ip6[40] == 134")) {
        var _ =
            tenant
                .api()
                .patch("/v1/subnets/" + makes, "{\"dhcp\":{\"dnsServers\":[\"fd00:1:0:1::54\"]}}")
                .orFail();
        Await.until(
            PATIENCE, "an advertisement", () -> seen.output().contains("addr: fd00:1:0:1::54"));
      }
    }
  }

  @Test
  void nobodyElseIsTakenForARouter() {
    Nic rogueNic = tenant.port(makes, "rogue");
    Nic victimNic = tenant.port(makes, "victim");
    try (LabVm rogue = plugged("rogue", rogueNic, hv1);
        LabVm victim = plugged("victim", victimNic, hv1);
        Background seen = capture(victim, "icmp6 and ip6[40] == 134")) {
      awaitAddress(rogue, ipv6Of(rogueNic));
      awaitAddress(victim, ipv6Of(victimNic));
      String sent =
          rogue.exec(
              "perl",
              "-MSocket",
              "-e",
              """
              my $scope = $ARGV[0];
              socket(my $s, AF_INET6, SOCK_RAW, 58) or die "socket: $!";
              setsockopt($s, 41, 18, pack("l", 255)) or die "hops: $!";
              my $to = pack_sockaddr_in6(0, Socket::inet_pton(AF_INET6, "ff02::1"), $scope, 0);
              send($s, pack("CCnCCnNN", 134, 0, 0, 64, 0, 1800, 0, 0), 0, $to) or die "send: $!";
              print "sent";
              """,
              rogue.exec("cat", "/sys/class/net/eth0/ifindex").strip());
      assertEquals("sent", sent);
      assertTrue(rogue.reaches(ipv6Of(victimNic)), "its other packets arrive");
      String rogueLink = linkLocal(rogue);
      assertFalse(seen.output().contains(rogueLink), seen::output);
      String routes = victim.exec("ip", "-6", "route", "show", "default");
      assertFalse(routes.contains(rogueLink), routes);
    }
  }

  private static String linkLocal(LabVm vm) {
    String shown = vm.exec("ip", "-6", "-o", "addr", "show", "dev", "eth0", "scope", "link");
    return shown.replaceAll("(?s).*inet6 (fe80:[0-9a-f:]*)/.*", "$1");
  }
}

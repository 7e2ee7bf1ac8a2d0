package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Route tables with real packets of both families: a machine that forwards, on another host than
/// those it forwards for, to what is outside the VPC and between its subnets.
@Tag("slow")
class RoutingLabTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final String REALIZED = "?wait=realized&timeoutSeconds=20";
  private static final String OUTSIDE = "203.0.113.9";
  private static final String OUTSIDE_V6 = "2001:db8::9";

  @TempDir static Path folder;

  private static Site site;
  private static Tenant tenant;
  private static LabHost hv2;
  private static String mainTable = "";
  private static UUID table;
  private static Nic applianceNic;
  private static LabVm appliance;
  private static LabVm client;
  private static LabVm server;
  private static Nic serverNic;
  private static String serverV6 = "";

  @BeforeAll
  static void build() {
    site = Site.open(folder.resolve("data"));
    tenant = site.tenant();
    LabHost hv1 = site.host("hv1");
    hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    UUID vpc = created("/v1/vpcs", "{\"cidrs\":[\"10.0.0.0/16\"],\"ipv6Cidrs\":[\"fd00:1::/48\"]}");
    mainTable = tenant.api().get("/v1/vpcs/" + vpc).orFail().text("/mainRouteTableId");
    table = created("/v1/route-tables", "{\"name\":\"inspected\",\"vpcId\":\"%s\"}".formatted(vpc));
    UUID front = subnet(vpc, 1, ",\"routeTableId\":\"%s\"".formatted(table));
    UUID middle = subnet(vpc, 2, "");
    UUID back = subnet(vpc, 3, "");
    Api.Answer port =
        tenant
            .api()
            .post("/v1/ports", "{\"subnetId\":\"%s\",\"portSecurity\":false}".formatted(middle))
            .orFail();
    applianceNic =
        new Nic(
            UUID.fromString(port.text("/id")),
            port.text("/macAddress"),
            port.text("/privateIps/0/address"));
    appliance = machine("appliance", applianceNic, hv2);
    appliance.exec("ip", "addr", "add", OUTSIDE + "/32", "dev", "lo");
    appliance.exec("ip", "-6", "addr", "add", OUTSIDE_V6 + "/128", "dev", "lo");
    for (String forwarding :
        new String[] {"net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"}) {
      appliance.exec("sysctl", "-qw", forwarding);
    }
    client = machine("client", tenant.port(front, "client"), hv1);
    serverNic = tenant.port(back, "server");
    server = machine("server", serverNic, hv1);
    serverV6 = ipv6(serverNic);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static UUID created(String path, String body) {
    return UUID.fromString(tenant.api().post(path, body).orFail().text("/id"));
  }

  private static UUID subnet(UUID vpc, int number, String more) {
    return created(
        "/v1/subnets",
        "{\"vpcId\":\"%s\",\"cidr\":\"10.0.%d.0/24\",\"ipv6Cidr\":\"fd00:1:0:%d::/64\"%s}"
            .formatted(vpc, number, number, more));
  }

  private static String ipv6(Nic nic) {
    return tenant.api().get("/v1/ports/" + nic.id()).orFail().text("/privateIps/1/address");
  }

  private static LabVm machine(String name, Nic nic, LabHost host) {
    LabVm vm = site.machine(name, nic, host);
    speakIpv6(vm, nic);
    return vm;
  }

  private static void speakIpv6(LabVm vm, Nic nic) {
    String address = ipv6(nic);
    vm.exec("ip", "-6", "addr", "add", address + "/64", "dev", "eth0", "nodad");
    String gateway = address.replaceAll("^(fd00:1:0:[0-9]+):.*", "$1::1");
    vm.exec("ip", "-6", "route", "add", "default", "via", gateway, "metric", "1");
  }

  @BeforeEach
  void withoutRoutes() {
    route("");
  }

  private static void route(String routes) {
    tenant
        .api()
        .patch("/v1/route-tables/" + table + REALIZED, "{\"routes\":[%s]}".formatted(routes))
        .orFail();
  }

  private static String toAppliance(String destination) {
    return "{\"destination\":\"%s\",\"target\":{\"type\":\"port\",\"id\":\"%s\"}}"
        .formatted(destination, applianceNic.id());
  }

  private static boolean isSilent(String target) {
    return client.ping(target).within(SILENCE).run().received() == 0;
  }

  private static String status() {
    return tenant.api().get("/v1/route-tables/" + table).orFail().text("/status/state");
  }

  @Test
  void whatIsOutsideIsReachedThroughAMachine() {
    assertTrue(isSilent(OUTSIDE));
    route(toAppliance("0.0.0.0/0") + "," + toAppliance("::/0"));
    assertTrue(client.reaches(OUTSIDE));
    assertTrue(client.reaches(OUTSIDE_V6));
    assertTrue(client.reaches(serverNic.address()), "what is local stays so");
    assertEquals("active", status());
    route(
        toAppliance("0.0.0.0/0")
            + ",{\"destination\":\"203.0.113.0/24\",\"target\":{\"type\":\"blackhole\"}}");
    assertTrue(isSilent(OUTSIDE));
    assertTrue(isSilent(OUTSIDE_V6));
  }

  @Test
  void aMachineIsPutBetweenSubnets() {
    assertEquals(63, hopsLeft(serverNic.address()));
    route(toAppliance("10.0.3.0/24") + "," + toAppliance("fd00:1:0:3::/64"));
    Await.until(
        PATIENCE,
        "the packets to come by way of the appliance",
        () -> hopsLeft(serverNic.address()) == 61);
    assertTrue(client.reaches(serverV6));
    appliance.exec("sysctl", "-qw", "net.ipv4.ip_forward=0");
    assertTrue(isSilent(serverNic.address()));
    appliance.exec("sysctl", "-qw", "net.ipv4.ip_forward=1");
  }

  /// The TTL of an echo request as the server gets it.
  private static int hopsLeft(String target) {
    try (var seen =
        server
            .netns()
            .start(
                "ttl.cap", "tcpdump", "-n", "-v", "-l", "--immediate-mode", "-i", "eth0", "icmp")) {
      Await.until(PATIENCE, "tcpdump", () -> seen.output().contains("listening on"));
      assertTrue(client.reaches(target));
      Await.until(PATIENCE, "an echo request", () -> seen.output().contains("echo request"));
      String first =
          seen.output().lines().filter(l -> l.contains("ttl ")).findFirst().orElseThrow();
      return Integer.parseInt(first.replaceAll(".*ttl ([0-9]+),.*", "$1"));
    }
  }

  @Test
  void aRouteToAMachineThatIsUnpluggedIsDegraded() {
    route(toAppliance("0.0.0.0/0"));
    assertTrue(client.reaches(OUTSIDE));
    appliance.unplug();
    Await.until(PATIENCE, "the table to be degraded", () -> status().equals("degraded"));
    String reason = tenant.api().get("/v1/route-tables/" + table).orFail().text("/status/reason");
    assertTrue(reason.contains(applianceNic.id() + " is plugged in nowhere"), reason);
    assertTrue(isSilent(OUTSIDE));
    appliance.plug(hv2);
    Await.until(PATIENCE, "the table to be active", () -> status().equals("active"));
    var _ = tenant.awaitRealized(applianceNic);
    var _ = appliance.dhcp();
    speakIpv6(appliance, applianceNic);
    Await.until(PATIENCE, "the way to be back", () -> client.reaches(OUTSIDE));
  }

  @Test
  void gatewaysShowInTraceroutes() {
    String way = traceroute("traceroute", serverNic.address());
    assertTrue(shows(way, "10.0.1.1", serverNic.address()), way);
    String ipv6 = traceroute("traceroute6", serverV6);
    assertTrue(shows(ipv6, "fd00:1:0:1::1", serverV6), ipv6);
  }

  private static boolean shows(String way, String first, String second) {
    return way.matches(
        "(?s).*\\b1  %s\\b.*\\b2  %s\\b.*".formatted(Pattern.quote(first), Pattern.quote(second)));
  }

  private static String traceroute(String program, String target) {
    return client
        .netns()
        .command("busybox", program, "-n", "-q", "1", "-w", "3", "-m", "4", target)
        .attempt()
        .out();
  }

  @Test
  void whoSendsToNowhereIsTold() {
    assertTrue(
        complaint("198.51.100.1").contains("10.0.1.1 icmp_seq=1 Destination Net Unreachable"));
    assertTrue(complaint("10.0.3.99").contains("10.0.1.1 icmp_seq=1 Destination Host Unreachable"));
    assertTrue(
        complaint("2001:db8:9::1").contains("fd00:1:0:1::1 icmp_seq=1 Destination unreachable"));
    route("{\"destination\":\"198.51.100.0/24\",\"target\":{\"type\":\"blackhole\"}}");
    assertFalse(complaint("198.51.100.1").contains("nreachable"), "blackholes are silent");
  }

  private static String complaint(String target) {
    return client.netns().command("ping", "-n", "-c", "1", "-W", "3", target).attempt().out();
  }

  @Test
  void aSubnetWithoutATableHasTheMainOne() {
    String path = "/v1/route-tables/" + mainTable + REALIZED;
    tenant.api().patch(path, "{\"routes\":[%s]}".formatted(toAppliance(OUTSIDE + "/32"))).orFail();
    try {
      assertTrue(server.reaches(OUTSIDE));
      assertFalse(client.ping(OUTSIDE).within(SILENCE).run().received() > 0, "has its own");
    } finally {
      tenant.api().patch(path, "{\"routes\":[]}").orFail();
    }
  }
}

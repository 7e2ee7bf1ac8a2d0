package io.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.ProjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands as an operator types them.
class MainTest {

  @TempDir static Path directory;
  static LocalNode node;

  @BeforeAll
  static void start() throws Exception {
    node = new LocalNode(directory);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Ended heddle(String words) {
    return Ended.heddle(
        Map.of("HEDDLE_SERVER", node.url(), "HEDDLE_DATA", directory.toString()), words);
  }

  @Test
  void policyIsMadeAndShown() {
    heddle("vpc create fw --cidr 10.0.0.0/16 --ipv6-cidr fd00:1::/48").ok();
    heddle("network-acl create edge --vpc fw").ok();
    heddle("network-acl add-entry edge 100 --ingress tcp/443 --from ::/0 --allow").ok();
    heddle("network-acl add-entry edge 200 --egress any --allow").ok();
    heddle("network-acl add-entry edge 90 --ingress icmpv6/128 --deny").ok();
    heddle("network-acl remove-entry edge 90 --ingress any").ok();
    heddle("subnet create dmz --vpc fw --cidr 10.0.1.0/24 --ipv6-cidr fd00:1:0:1::/64 --acl edge")
        .ok();
    heddle("prefix-list create offices --cidr 198.51.100.0/24 --cidr 2001:db8::/32").ok();
    heddle("security-group create front --vpc fw").ok();
    heddle("security-group add-rule front --ingress tcp/8000-8010 --from-list offices").ok();
    heddle("security-group add-rule front --egress any").ok();
    heddle(
            "port create lb --subnet dmz --mac 0a:00:00:00:00:31 --group front"
                + " --allow-address 10.0.1.100/32=00:00:5e:00:01:07")
        .ok();
    String policy = heddle("port policy lb").ok().out();
    for (String shown :
        new String[] {
          "sends as fd00:1:0:1:800:ff:fe00:31/128 with MAC 0a:00:00:00:00:31",
          "sends as 10.0.1.100/32 with MAC 00:00:5e:00:01:07",
          "tcp/8000-8010",
          "prefix-list offices (2)",
          "security-group front",
          "network-acl edge #100"
        }) {
      assertTrue(policy.contains(shown), () -> shown + " in\n" + policy);
    }
    heddle("prefix-list delete offices").failed(ExitCode.REFUSED, "in the way: security-group");
    heddle("network-acl delete edge").failed(ExitCode.REFUSED, "still used");
    heddle("subnet update dmz --acl none").ok();
    heddle("network-acl delete edge").ok();
    heddle("port delete lb").ok();
    heddle("security-group delete front").ok();
    heddle("prefix-list update offices --cidr 198.51.100.0/25").ok();
    heddle("prefix-list delete offices").ok();
    heddle("subnet delete dmz").ok();
    heddle("vpc delete fw").ok();
  }

  @Test
  void routesAreMadeAndShown() {
    heddle("vpc create routed --cidr 10.0.0.0/16").ok();
    heddle("vpc create beside --cidr 10.0.0.0/16").ok();
    heddle("route-table create inspected --vpc routed").ok();
    heddle("subnet create inside --vpc routed --cidr 10.0.1.0/24 --route-table inspected").ok();
    heddle("port create firewall --subnet inside --no-port-security").ok();
    heddle("route-table add-route main 0.0.0.0/0 --port firewall").failed(ExitCode.REFUSED, "main");
    heddle("route-table add-route main 0.0.0.0/0 --port firewall --vpc routed").ok();
    heddle("route-table add-route inspected 203.0.113.0/24 --blackhole").ok();
    heddle("route-table add-route inspected 10.0.0.0/16 --blackhole")
        .failed(ExitCode.REFUSED, "always local");
    heddle("route-table remove-route inspected 192.0.2.0/24").failed(ExitCode.USAGE, "no route to");
    String shown = heddle("route-table list --vpc routed").ok().out();
    assertTrue(shown.lines().anyMatch(l -> l.matches("main .* true +1 +degraded")), shown);
    assertTrue(shown.lines().anyMatch(l -> l.matches("inspected .* false +1 .*")), shown);
    heddle("port delete firewall").failed(ExitCode.REFUSED, "still used");
    heddle("route-table delete inspected").failed(ExitCode.REFUSED, "still used");
    heddle("subnet update inside --route-table main").ok();
    heddle("route-table delete inspected").ok();
    heddle("route-table remove-route main 0.0.0.0/0 --vpc routed").ok();
    heddle("port delete firewall").ok();
    heddle("subnet delete inside").ok();
    heddle("vpc delete routed").ok();
    heddle("vpc delete beside").ok();
  }

  @Test
  void peeringsAreAskedForAndAnswered() {
    heddle("vpc create east --cidr 10.1.0.0/16").ok();
    heddle("vpc create west --cidr 10.2.0.0/16").ok();
    heddle("peering create bridge --vpc east --with west").ok();
    heddle("route-table add-route main 10.2.0.0/16 --peering bridge --vpc east").ok();
    heddle("vpc update east --cidr 10.1.0.0/16 --cidr 10.2.3.0/24")
        .failed(ExitCode.REFUSED, "overlaps");
    heddle("peering accept bridge").ok();
    String shown = heddle("peering list --vpc west").ok().out();
    assertTrue(shown.lines().anyMatch(l -> l.matches("bridge .* active .*")), shown);
    heddle("peering reject bridge").failed(ExitCode.REFUSED, "is active");
    heddle("peering delete bridge").failed(ExitCode.REFUSED, "still used");
    heddle("vpc delete west").failed(ExitCode.REFUSED, "still used");
    heddle("route-table remove-route main 10.2.0.0/16 --vpc east").ok();
    heddle("peering delete bridge").ok();
    heddle("peering create again --vpc west --with east").ok();
    heddle("peering reject again").ok();
    heddle("peering delete again").ok();
    heddle("vpc delete east").ok();
    heddle("vpc delete west").ok();
  }

  @Test
  void aNetworkIsMadeByName() throws Exception {
    heddle("vpc create blue --cidr 10.0.0.0/16 --label team=a").ok();
    heddle("subnet create web --vpc blue --cidr 10.0.1.0/24 --dns 1.1.1.1").ok();
    heddle("security-group create open --vpc blue").ok();
    heddle("security-group add-rule open --ingress tcp/80 --from 0.0.0.0/0").ok();
    heddle("security-group add-rule open --ingress icmp/8 --from-group default").ok();
    Ended created =
        heddle("port create vm1 --subnet web --address 10.0.1.9 --group open --wait -o json").ok();
    assertEquals("10.0.1.9", created.json().at("/privateIps/0/address").asText());

    Ended table = heddle("port list --vpc blue").ok();
    String header = table.out().lines().findFirst().orElseThrow();
    assertTrue(header.matches("NAME +ID +ADDRESSES +MAC +HOST +BINDING +STATUS"), header);
    assertTrue(
        table
            .out()
            .lines()
            .skip(1)
            .anyMatch(line -> line.matches("vm1 .*10\\.0\\.1\\.9 .*unbound +pending")),
        table.out());
    assertEquals(1, heddle("port list --subnet web -o json").ok().json().at("/items").size());
    assertEquals(0, heddle("port list --name vm2 -o json").ok().json().at("/items").size());

    heddle("port update vm1 --name vm-one --label role=web --admin-up false").ok();
    String shown = heddle("port show vm-one").ok().out();
    assertTrue(shown.contains("labels.role") && shown.contains("binding.state"), shown);

    JsonNode group = heddle("security-group show open -o json").ok().json();
    assertEquals(2, group.at("/rules").size());
    heddle("security-group remove-rule open " + group.at("/rules/0/id").asText()).ok();
    assertTrue(heddle("security-group list --vpc blue").ok().out().contains("open"));

    heddle("subnet delete web").failed(ExitCode.REFUSED, "still used", "in the way: port ");
    heddle("port delete vm-one").ok();
    heddle("subnet update web --zone rack-1").ok();
    heddle("subnet delete web").ok();
    heddle("security-group delete open").ok();
    heddle("vpc update blue --cidr 10.0.0.0/16 --cidr 10.9.0.0/16").ok();
    heddle("vpc delete blue").ok();
  }

  @Test
  void projectsHostsAndRevisionsAreShown() throws Exception {
    heddle("project create small --quota vpcs=1").ok();
    assertTrue(heddle("project list").ok().out().contains("0/1"));
    heddle("project update small --quota vpcs=2").ok();
    heddle("vpc create one --cidr 10.0.0.0/16 --project small").ok();
    heddle("vpc delete one --project small").ok();
    heddle("project delete small").ok();
    node.commit(
        new ReportHost(
            new HostId("hv1"),
            "hv1.example",
            Ipv4Address.parse("192.0.2.1"),
            Map.of(),
            new ProjectId("default")));
    heddle("host update hv1 --zone rack-2").ok();
    assertTrue(heddle("host list --zone rack-2").ok().out().contains("192.0.2.1"));
    heddle("host delete hv1").ok();
    assertTrue(heddle("revision list --limit 3").ok().out().contains("delete host hv1"));
    assertTrue(heddle("revision show 2").ok().out().contains("revision"));
  }

  @Test
  void theControllersRefusalIsPassedOn() {
    heddle("vpc create bad --cidr 10.0.0.1/16")
        .failed(ExitCode.REFUSED, "10.0.0.1/16", "10.0.0.0/16", "field: cidrs[0]");
    heddle("vpc show nowhere")
        .failed(ExitCode.REFUSED, "no vpc named 'nowhere'", "heddle vpc list");
    heddle("vpc create twin --cidr 10.0.0.0/16").ok();
    heddle("vpc create twin --cidr 10.0.0.0/16").ok();
    Ended twins = heddle("vpc show twin").failed(ExitCode.REFUSED, "2 vpcs are named 'twin'");
    String id = twins.err().lines().toList().getLast().strip();
    heddle("vpc show " + id).ok();
  }

  @Test
  void aCommandLineWithoutSenseIsExplained() {
    heddle("vpc create blue").failed(ExitCode.USAGE, "--cidr");
    heddle("vpc").failed(ExitCode.USAGE, "subcommand");
    heddle("vcp list").failed(ExitCode.USAGE, "vcp");
    heddle("vpc update blue").failed(ExitCode.USAGE, "nothing to change");
    heddle("port list --zone a").failed(ExitCode.USAGE, "--zone");
    heddle("security-group add-rule web --ingress tcp:80").failed(ExitCode.USAGE, "tcp/80");
    heddle("security-group add-rule web").failed(ExitCode.USAGE, "--ingress");
    heddle("vpc list --server nonsense").failed(ExitCode.USAGE, "http://127.0.0.1:7080");
  }

  @Test
  void whoIsNotThereIsNamedAndHowToStartIt() {
    heddle("vpc list --server http://127.0.0.1:1")
        .failed(ExitCode.UNREACHABLE, "http://127.0.0.1:1", "./heddle serve", "HEDDLE_SERVER");
  }

  @Test
  void aTokenIsLookedForAndAsked() throws Exception {
    Map<String, String> environment = Map.of("HEDDLE_SERVER", node.url(), "HEDDLE_TOKEN", "wrong");
    Ended.heddle(environment, "vpc list").failed(ExitCode.REFUSED, "token", "--token-file");
    Path file = directory.resolve("my-token");
    Files.copy(directory.resolve("admin-token"), file);
    Ended.heddle(environment, "vpc list --token-file " + file).ok();
    Ended.heddle(environment, "vpc list --token-file /nonexistent")
        .failed(ExitCode.USAGE, "/nonexistent");
    Map<String, String> nothing =
        Map.of("HEDDLE_SERVER", node.url(), "HEDDLE_DATA", directory.resolve("none").toString());
    Ended.heddle(nothing, "vpc list").failed(ExitCode.USAGE, "HEDDLE_TOKEN");
  }

  @Test
  void helpVersionAndCompletion() {
    assertTrue(heddle("--version").ok().out().startsWith("heddle "));
    assertTrue(heddle("--help").ok().out().contains("security-group"));
    assertTrue(heddle("port create --help").ok().out().contains("--subnet"));
    assertTrue(heddle("completion bash").ok().out().contains("complete -F"));
    heddle("completion fish").failed(ExitCode.USAGE, "fish");
  }
}

package io.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.Direction;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.firewall.log.LoggedPacket;
import io.heddle.firewall.log.PolicyLogging.Verdict;
import io.heddle.rest.spi.Audits.Counts;
import io.heddle.rest.spi.Audits.Difference;
import io.heddle.rest.spi.Audits.Report;
import io.heddle.rest.spi.Audits.Result;
import io.heddle.rest.spi.Audits.Way;
import io.heddle.rest.spi.PolicyWatch.Count;
import io.heddle.rest.spi.PolicyWatch.Hits;
import io.heddle.rest.spi.PolicyWatch.Logged;
import io.heddle.rest.spi.PolicyWatch.Tail;
import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What operators type to run a cluster: its members, audits, events, and several servers to ask.
class OperationsTest {

  private static final String NOBODY = "http://127.0.0.1:1";
  private static final int PATIENCE_SECONDS = 60;

  @TempDir static Path directory;
  static LocalNode node;
  static LocalNode other;

  /// Two nodes with the same token, but not of one cluster: what was asked where can be told.
  @BeforeAll
  static void start() throws Exception {
    Path mine = Files.createDirectory(directory.resolve("mine"));
    Path others = Files.createDirectory(directory.resolve("others"));
    node = new LocalNode(mine);
    Files.copy(
        mine.resolve("admin-token"),
        others.resolve("admin-token"),
        StandardCopyOption.COPY_ATTRIBUTES);
    other = new LocalNode(others);
    heddle("vpc create here --cidr 10.0.0.0/16").ok();
  }

  @AfterAll
  static void stop() {
    node.close();
    other.close();
  }

  @AfterEach
  void inContact() {
    node.silence.set(Optional.empty());
    other.silence.set(Optional.empty());
  }

  private static Ended heddle(String words) {
    return asking(words, node.url());
  }

  private static Ended asking(String words, String... servers) {
    return Ended.heddle(environment(servers), words);
  }

  private static Map<String, String> environment(String... servers) {
    return Map.of(
        "HEDDLE_SERVERS",
        String.join(", ", servers),
        "HEDDLE_DATA",
        directory.resolve("mine").toString());
  }

  @Test
  void membersAreShownAddedAndRemoved() throws Exception {
    heddle("cluster add n2 --address 192.0.2.2:7081").ok().shows("added n2");
    Ended status = heddle("cluster status").ok();
    assertTrue(
        status.out().lines().findFirst().orElseThrow().matches("cluster [0-9a-f-]{36}, as n1.*"),
        status.out());
    status
        .shows("NAME", "ROLE", "CONNECTED", "LAST CONTACT", "SWITCHES", "REACHES WORSE", "API")
        .shows("n1", "leader", "true", "1970-01-01T00:00:00Z", "2")
        .shows("n2", "follower", "true", "-", "0");
    JsonNode json = heddle("cluster status -o json").ok().json();
    assertEquals("n1", json.at("/leader").asText());
    assertEquals("192.0.2.2:7081", json.at("/members/1/raft").asText());
    heddle("cluster transfer-leader n2").ok().shows("handed leadership to n2");
    heddle("cluster add n2 --address 192.0.2.2:7081").failed(ExitCode.REFUSED, "a member already");
    heddle("cluster remove n2").ok().shows("removed n2");
    heddle("cluster remove n2").failed(ExitCode.REFUSED, "no member 'n2'");
    heddle("cluster remove n1").failed(ExitCode.REFUSED, "last member");
    heddle("cluster add n2").failed(ExitCode.USAGE, "--address");
    heddle("cluster add n2 --address nowhere").failed(ExitCode.REFUSED, "nowhere", "field: raft");
    heddle("cluster").failed(ExitCode.USAGE, "subcommand");
  }

  @Test
  void auditsTellWhatDiffers() throws Exception {
    PortId port = new PortId(UUID.randomUUID());
    for (int i = 1; i <= 2; i++) {
      node.commit(
          new ReportHost(
              new HostId("hv" + i),
              "hv" + i,
              Ipv4Address.parse("192.0.2." + i),
              Map.of(),
              new ProjectId("default")));
    }
    HostId hv1 = new HostId("hv1");
    Difference missing =
        new Difference(Way.MISSING, "route", "priority=9,ip", "Routes", Optional.of(port));
    node.group.looks.put(
        hv1,
        new Result.Done(
            new Report(hv1, Instant.EPOCH, false, new Counts(70, 1, 0, 0, 2), List.of(missing))));
    heddle("audit hv1")
        .ok()
        .shows("HOST", "RESULT", "IN STEP", "MISSING", "ALTERED", "EXTRA", "FOREIGN")
        .shows("hv1", "differs", "70", "1", "0", "0", "2", "1970-01-01T00:00:00Z")
        .shows("hv1", "missing", "route", "priority=9,ip", "Routes", "port " + port);
    Ended all = heddle("audit --repair").failed(ExitCode.REFUSED);
    all.shows("hv2", "unavailable").shows("not connected");
    JsonNode json = heddle("audit hv1 -o json").ok().json();
    assertEquals("missing", json.at("/items/0/differences/0/way").asText());
    heddle("audit --last").ok().shows("hv1", "differs").shows("hv2", "unknown");
    assertEquals(1, heddle("audit --last hv2 -o json").ok().json().at("/items").size());
    heddle("audit hv9").failed(ExitCode.REFUSED, "hv9", "hostIds[0]");
    heddle("audit --last --repair").failed(ExitCode.USAGE, "--repair");
  }

  @Test
  void whatASecurityGroupHasMetWith() throws Exception {
    heddle("vpc create watched --cidr 10.0.0.0/16").ok();
    heddle("security-group create web --vpc watched").ok();
    heddle("security-group add-rule web --ingress tcp/80-81 --from 10.0.0.0/8").ok();
    JsonNode group = heddle("security-group show web -o json").ok().json();
    SecurityGroupId id = SecurityGroupId.parse(group.at("/id").asText());
    UUID rule = UUID.fromString(group.at("/rules/0/id").asText());
    node.group.hits.put(
        id,
        new Hits(
            Map.of(rule, new Count(12, 3400)),
            new TreeSet<>(List.of(new HostId("hv1"))),
            new TreeSet<>(List.of(new HostId("hv2"))),
            List.of()));
    heddle("security-group hits web")
        .ok()
        .shows("RULE", "DIRECTION", "SERVICE", "REMOTE", "PACKETS", "BYTES")
        .shows(rule.toString(), "ingress", "tcp/80-81", "10.0.0.0/8", "12", "3400")
        .shows("1 more hosts");

    heddle("security-group update web --log drops,accepts").ok();
    JsonNode logging = heddle("security-group show web -o json").ok().json().at("/logging");
    assertTrue(logging.at("/drops").asBoolean() && logging.at("/accepts").asBoolean());
    node.group.tails.put(
        id,
        new Tail(
            List.of(
                logged("fd00::1", "fd00::2", 6, 443, 7), logged("10.0.0.1", "10.0.0.2", 1, 0, 3)),
            List.of()));
    heddle("security-group log web")
        .ok()
        .shows("drop", "ingress", "tcp", "\\[fd00::1]:40000", "\\[fd00::2]:443", "hv1", "7")
        .shows("drop", "ingress", "icmp/8/0", "10.0.0.1", "10.0.0.2", "hv1", "3");
    assertEquals(
        1, heddle("security-group log web --limit 1 -o json").ok().json().at("/items").size());
    heddle("security-group log web --limit 0").failed(ExitCode.REFUSED, "limit");
    heddle("security-group update web --log none").ok();
    assertEquals(
        "{\"drops\":false,\"accepts\":false}",
        heddle("security-group show web -o json").ok().json().at("/logging").toString());
    heddle("security-group update web --log everything").failed(ExitCode.USAGE, "drops,accepts");
    heddle("security-group update web --log drops,none").failed(ExitCode.USAGE, "none");
  }

  private static Logged logged(
      String source, String target, int protocol, int targetPort, long packets) {
    return new Logged(
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(packets),
        packets,
        new HostId("hv1"),
        Direction.INGRESS,
        Verdict.DROP,
        new LoggedPacket(
            IpAddress.parse(source),
            IpAddress.parse(target),
            protocol,
            protocol == 1 ? 8 : 40_000,
            targetPort));
  }

  @Test
  void eventsAreShownFromARevisionOn() throws Exception {
    long since = node.image().revision();
    heddle("vpc create told --cidr 10.0.0.0/16").ok();
    String id = heddle("vpc show told -o json").ok().json().at("/id").asText();
    heddle("vpc delete told").ok();
    Ended table = heddle("events --since " + since).ok();
    table.shows("created", "vpc", id, "default", "admin").shows("deleted", "vpc", id);
    // The VPC, its security group and its route table.
    assertEquals(6, table.out().lines().count(), table.out());
    List<String> changes = new ArrayList<>();
    for (String line : heddle("events -o json --since " + since).ok().out().lines().toList()) {
      changes.add(new ObjectMapper().readTree(line).at("/change").asText());
    }
    assertEquals(
        List.of("created", "created", "created", "deleted", "deleted", "deleted"), changes);
    assertEquals(1, heddle("events --limit 1 --since " + since).ok().out().lines().count());
    assertEquals("", heddle("events --project other --since " + since).ok().out());
    heddle("events").failed(ExitCode.USAGE, "--since", "--follow");
    heddle("events --since x").failed(ExitCode.USAGE, "--since");
    heddle("events --since 999999999").failed(ExitCode.REFUSED, "999999999");
  }

  @Test
  void whoIsFollowedMayGoAndNothingIsMissed() throws Exception {
    long since = node.image().revision();
    PipedWriter out = new PipedWriter();
    try (Passage passage = new Passage(node.url());
        BufferedReader lines = new BufferedReader(new PipedReader(out, 1 << 16))) {
      FutureTask<Integer> following =
          new FutureTask<>(() ->
              Main.run(
                  List.of("events", "--follow", "--since", Long.toString(since), "--limit", "9"),
                  new TreeMap<>(environment(passage.url(), node.url())),
                  new PrintWriter(out, true),
                  new PrintWriter(System.err, true)));
      Thread.ofVirtual().start(following);
      List<String> told = new ArrayList<>();
      heddle("vpc create f1 --cidr 10.0.0.0/16").ok();
      for (int i = 0; i < 3; i++) {
        told.add(lines.readLine());
      }
      passage.cut();
      heddle("vpc create f2 --cidr 10.0.0.0/16").ok();
      heddle("vpc create f3 --cidr 10.0.0.0/16").ok();
      for (int i = 0; i < 6; i++) {
        told.add(lines.readLine());
      }
      assertEquals(ExitCode.OK, following.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertEquals(heddle("events --since " + since).ok().out().lines().toList(), told);
    }
  }

  @Test
  void theNextServerIsAskedWhereOneCannotBeReached() {
    asking("vpc show here", NOBODY, node.url()).ok();
    asking("vpc show here", "http://nowhere.invalid:7080", node.url()).ok();
    heddle("vpc show here --server %s --server %s".formatted(NOBODY, node.url())).ok();
    asking("vpc show here", NOBODY, "http://127.0.0.1:2")
        .failed(ExitCode.UNREACHABLE, NOBODY, "http://127.0.0.1:2", "HEDDLE_SERVERS");
    asking("vpc list", node.url(), "nonsense").failed(ExitCode.USAGE, "nonsense");
  }

  @Test
  void theNextServerIsAskedWhereOneHasLostTheOthers() {
    other.silence.set(Optional.of(Duration.ofSeconds(9)));
    asking("vpc show here", other.url(), node.url()).ok();
    asking("vpc create there --cidr 10.0.0.0/16", other.url(), node.url()).ok();
    heddle("vpc show there").ok();
    asking("project show default", other.url(), NOBODY).ok();
    Ended old = asking("project show default", other.url(), NOBODY).ok();
    assertTrue(old.err().contains("9 s") && old.err().contains("old"), old.err());
    asking("vpc create nowhere --cidr 10.0.0.0/16", other.url())
        .failed(ExitCode.REFUSED, "majority", "9 s");
  }

  @Test
  void whatMayHaveBeenDoneIsNotRepeatedBlindly() throws Exception {
    heddle("vpc create twice --cidr 10.0.0.0/16").ok();
    try (Passage silent = Passage.toNowhere()) {
      asking("vpc create once --cidr 10.0.0.0/16", silent.url(), node.url()).ok();
      heddle("vpc show once").ok();
      asking("vpc show once", silent.url(), node.url()).ok();
      asking("cluster remove n7", silent.url(), node.url())
          .failed(ExitCode.UNREACHABLE, silent.url(), "may have been done");
    }
  }
}

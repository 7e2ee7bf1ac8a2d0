package io.heddle.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.LabHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Networks that are cut: between nodes, between nodes and switches, and in one direction only.
@Tag("slow")
@ExtendWith(NodeLogs.class)
class PartitionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration NOTICED = Duration.ofSeconds(4);
  private static final int A_WHILE = 60;
  private static final String CREATION = "{\"name\":\"nobody's\",\"cidrs\":[\"10.99.0.0/16\"]}";

  @TempDir static Path folder;

  private static Cloud cloud;
  private static ClusterSite site;

  @BeforeAll
  static void build() {
    cloud = Cloud.build(folder, 3);
    site = cloud.site();
  }

  @AfterAll
  static void close() {
    cloud.close();
  }

  @Test
  void aLeaderAloneWithAHostAndClientsDecidesNothing() throws Exception {
    cloud.during(
        "the leader, a host and clients cut off from the others",
        () -> {
          ClusterNode leader = site.leader();
          List<ClusterNode> others = site.others(leader);
          LabHost host = cloud.firstHost();
          try (Cuts cuts = site.cut(List.of(leader), others)) {
            others.forEach(other -> cuts.between(other.netns(), host.netns()));
            ClusterNode next = site.leaderAmong(others);
            assertRefusesAndReads(leader);
            cloud.load().awaitAcknowledged(A_WHILE);
            assertEquals(next, site.leaderAmong(others));
          }
        });
  }

  @Test
  void aFollowerAloneWithClientsDecidesNothing() throws Exception {
    cloud.during(
        "a follower cut off from the other nodes",
        () -> {
          ClusterNode leader = site.leader();
          ClusterNode follower = site.others(leader).getFirst();
          long term = leader.status().term();
          try (Cuts _ = site.cut(List.of(follower), site.others(follower))) {
            assertRefusesAndReads(follower);
            cloud.load().awaitAcknowledged(A_WHILE);
          }
          awaitLeader(follower, leader);
          assertEquals(term, leader.status().term(), "one who comes back disturbs nobody");
        });
  }

  @Test
  void aLeaderThatReachesOnlySwitchesLosesThem() throws Exception {
    cloud.during(
        "the leader cut off from the other nodes, but not from switches",
        () -> {
          ClusterNode leader = site.masterOf(cloud.firstHost());
          site.transferLeader(leader);
          List<ClusterNode> others = site.others(leader);
          try (Cuts _ = site.cut(List.of(leader), others)) {
            ClusterNode _ = site.leaderAmong(others);
            cloud.hosts().forEach(host -> awaitMasterAmong(others, host));
            OpenFlowLog heard = OpenFlowLog.from(cloud.firstHost());
            cloud.load().awaitAcknowledged(A_WHILE);
            assertEquals(List.of(), heard.obeyedThough(leader, false));
          }
        });
  }

  @Test
  void aMasterThatLosesItsSwitchHandsItOverAndGetsItBack() throws Exception {
    cloud.during(
        "a master cut off from its switch",
        () -> {
          LabHost host = cloud.firstHost();
          ClusterNode master = site.masterOf(host);
          try (Cuts _ = new Cuts(site.lab()).between(master.netns(), host.netns())) {
            Await.until(
                PATIENCE,
                "the view to say whom " + master + " does not reach",
                () -> exceptions(master).equals(Set.of(host.systemId())));
            awaitMasterAmong(site.others(master), host);
            cloud.load().awaitAcknowledged(A_WHILE);
          }
          Await.until(
              PATIENCE,
              master + " to have its switch back",
              () -> SwitchRoles.of(host).obeys(master) && exceptions(master).isEmpty());
        });
  }

  @Test
  void aLeaderThatIsNotHeardIsReplaced() throws Exception {
    cloud.during(
        "the leader's words lost on their way to the other nodes",
        () -> {
          ClusterNode leader = site.leader();
          List<ClusterNode> others = site.others(leader);
          try (Cuts cuts = new Cuts(site.lab())) {
            others.forEach(other -> cuts.oneWay(leader.netns(), other.netns()));
            ClusterNode _ = site.leaderAmong(others);
            cloud.load().awaitAcknowledged(A_WHILE);
          }
        });
  }

  @Test
  void aFollowerThatDoesNotHearTheLeaderDisturbsNobody() throws Exception {
    cloud.during(
        "the leader's words lost on their way to one follower",
        () -> {
          ClusterNode leader = site.leader();
          ClusterNode deaf = site.others(leader).getFirst();
          long term = leader.status().term();
          try (Cuts _ = new Cuts(site.lab()).oneWay(leader.netns(), deaf.netns())) {
            Await.until(PATIENCE, deaf + " to say that it is stale", () -> deaf.status().stale());
            cloud.load().awaitAcknowledged(A_WHILE);
          }
          awaitLeader(deaf, leader);
          assertEquals(term, leader.status().term());
        });
  }

  /// A node that has lost the others takes no write, and says of what it reads out that it may be
  /// old. What a leader took before it noticed, nobody can answer for.
  private static void assertRefusesAndReads(ClusterNode node) {
    Await.until(
        PATIENCE,
        node + " to refuse writes",
        () -> {
          Api.Answer answer =
              node.api().exchange(Api.Request.of("POST", "/v1/vpcs", CREATION).within(NOTICED));
          assertTrue(!answer.accepted(), answer::toString);
          return answer.status() == 503 && answer.headers().firstValue("Retry-After").isPresent();
        });
    Api.Answer read = node.ask("/v1/vpcs?name=blue").orFail();
    assertEquals("blue", read.text("/items/0/name"));
    assertTrue(read.headers().firstValue("Heddle-Stale").isPresent(), read::toString);
    assertEquals(503, node.ask("/readyz").status());
    assertEquals(200, node.ask("/healthz").status());
  }

  private static Set<String> exceptions(ClusterNode member) {
    return site.leader()
        .status()
        .member(member.name())
        .map(ClusterStatus.MemberStatus::exceptions)
        .orElseThrow();
  }

  private static void awaitLeader(ClusterNode node, ClusterNode leader) {
    Await.until(
        PATIENCE,
        node + " to follow " + leader,
        () -> node.status().leader().filter(leader.name()::equals).isPresent());
  }

  private static void awaitMasterAmong(List<ClusterNode> some, LabHost host) {
    Await.until(
        PATIENCE,
        host.name() + " to obey one of " + some,
        () -> some.stream().anyMatch(SwitchRoles.of(host)::obeys));
  }
}

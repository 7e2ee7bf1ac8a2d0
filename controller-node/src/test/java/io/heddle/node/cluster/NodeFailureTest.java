package io.heddle.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.LabHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Nodes that die, and nodes that sleep and wake up as if nothing had been.
@Tag("slow")
@ExtendWith(NodeLogs.class)
class NodeFailureTest {
  private static final Logger LOG = LoggerFactory.getLogger(NodeFailureTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int KILLS = 10;
  private static final Duration RESUMED = Duration.ofSeconds(2);

  /// Several seconds of work for those that are left.
  private static final int A_WHILE = 100;

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
  void theLeaderIsKilled() throws Exception {
    cloud.during(
        "kill -9 of the leader",
        () -> {
          ClusterNode leader = site.leader();
          leader.kill();
          cloud.load().awaitAcknowledged(A_WHILE);
          leader.startAgain();
        });
  }

  @Test
  void aSwitchsMasterIsKilledThatDoesNotLead() throws Exception {
    ClusterNode master = masterThatLeads(false);
    cloud.during(
        "kill -9 of a switch's master",
        () -> {
          master.kill();
          awaitAnotherMaster(master);
          cloud.load().awaitAcknowledged(A_WHILE);
          master.startAgain();
        });
  }

  @Test
  void aLeaderThatWakesUpProgramsNoSwitch() throws Exception {
    sleepAndWake("SIGSTOP and SIGCONT of the leader", masterThatLeads(true));
  }

  @Test
  void aSwitchsMasterThatWakesUpProgramsItNoMore() throws Exception {
    sleepAndWake("SIGSTOP and SIGCONT of a switch's master", masterThatLeads(false));
  }

  /// The first host's master, which leads or does not, as it is asked for.
  private static ClusterNode masterThatLeads(boolean wanted) {
    site.awaitWhole();
    ClusterNode master = site.masterOf(cloud.firstHost());
    if (wanted) {
      site.transferLeader(master);
    } else if (site.leader() == master) {
      site.transferLeader(site.others(master).getFirst());
    }
    return master;
  }

  private static void sleepAndWake(String what, ClusterNode sleeper) throws Exception {
    LabHost host = cloud.firstHost();
    List<OpenFlowLog.Message> obeyed = new ArrayList<>();
    cloud.during(
        what,
        () -> {
          long before = epochAt(host);
          sleeper.freeze();
          awaitAnotherMaster(sleeper);
          cloud.load().awaitAcknowledged(A_WHILE);
          assertIsStale(host, before);
          OpenFlowLog heard = OpenFlowLog.from(host);
          sleeper.thaw();
          ClusterNode leader = site.leaderAmong(site.others(sleeper));
          Await.until(
              PATIENCE,
              sleeper + " to know who leads",
              () -> sleeper.status().leader().filter(leader.name()::equals).isPresent());
          cloud.load().awaitAcknowledged(A_WHILE);
          obeyed.addAll(heard.obeyedThough(sleeper, false));
        });
    assertEquals(List.of(), obeyed, "what the switch took from a master that it had left");
  }

  private static void awaitAnotherMaster(ClusterNode lost) {
    for (LabHost host : cloud.hosts()) {
      Await.until(
          PATIENCE,
          host.name() + " to have a master that is alive",
          () -> site.others(lost).stream().anyMatch(SwitchRoles.of(host)::obeys));
    }
  }

  private static long epochAt(LabHost host) throws Exception {
    try (Impostor impostor = Impostor.at(host)) {
      return impostor.epoch();
    }
  }

  /// Whoever claims a switch under the view of before is turned down by the switch itself.
  private static void assertIsStale(LabHost host, long epoch) throws Exception {
    try (Impostor impostor = Impostor.at(host)) {
      assertTrue(impostor.epoch() > epoch, "the view is still " + epoch);
      assertTrue(impostor.isStale(epoch), "a claim of epoch " + epoch);
    }
  }

  @Test
  void writesResumeSoonAfterTheLeaderIsKilled() throws Exception {
    List<Duration> resumed = new ArrayList<>();
    cloud.during(
        KILLS + " times kill -9 of the leader",
        () -> {
          for (int i = 0; i < KILLS; i++) {
            ClusterNode leader = site.leader();
            long killed = History.now();
            leader.kill();
            resumed.add(
                Await.value(
                    PATIENCE,
                    "writes to resume",
                    () -> cloud.history().firstAcknowledgedAfter(killed)));
            leader.startAgain();
            leader.awaitReady(ClusterSite.STARTED);
          }
        });
    List<Long> millis = resumed.stream().map(Duration::toMillis).sorted().toList();
    LOG.info("writes resumed after {} ms: {}", KILLS, millis);
    Duration median = Duration.ofMillis((millis.get(KILLS / 2 - 1) + millis.get(KILLS / 2)) / 2);
    assertTrue(median.compareTo(RESUMED) <= 0, () -> "median of " + millis);
  }
}

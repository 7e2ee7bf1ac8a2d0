package io.heddle.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.BackgroundPing;
import io.heddle.testkit.lab.FlowEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Clusters that stop and start, and nodes that come and go.
@Tag("slow")
@ExtendWith(NodeLogs.class)
class MembershipTest {
  private static final Logger LOG = LoggerFactory.getLogger(MembershipTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int A_WHILE = 60;

  /// Six seconds: the first audit after a connect is over.
  private static final int AUDITED = 600;

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
  void theWholeClusterStopsAndStartsAndTouchesNoSwitchThatIsRight() throws Exception {
    undisturbed(
        "stop and start of all nodes",
        () -> {
          List<ClusterNode> all = site.running();
          all.forEach(ClusterNode::stop);
          all.forEach(ClusterNode::startAgain);
        });
  }

  @Test
  void oneNodeAfterTheOtherRestartsAndTouchesNoSwitchThatIsRight() throws Exception {
    undisturbed(
        "a rolling restart",
        () -> {
          for (ClusterNode node : site.running()) {
            node.stop();
            node.startAgain();
            site.awaitWhole();
          }
        });
  }

  /// Nobody writes meanwhile, so nothing may change: no resource, no flow.
  private static void undisturbed(String what, Cloud.Deed deed) throws Exception {
    site.awaitWhole();
    List<JsonNode> before = resources(site.running().getFirst());
    List<FlowEvents> events = new ArrayList<>();
    try (BackgroundPing along = cloud.ping()) {
      cloud.hosts().forEach(host -> events.add(FlowEvents.of(host)));
      deed.run();
      site.awaitWhole();
      along.awaitReplies(AUDITED);
      for (ClusterNode node : site.running()) {
        assertEquals(before, resources(node), node::name);
      }
      int mods = events.stream().mapToInt(host -> host.seen().size()).sum();
      BackgroundPing.Report pings = along.stop();
      LOG.info("{}: {} flow-mods; {} of {} pings lost", what, mods, pings.lost(), pings.sent());
      assertEquals(List.of(), events.stream().flatMap(host -> host.seen().stream()).toList());
      assertEquals(List.of(), pings.gaps());
      cloud.changeAFlow();
      for (FlowEvents host : events) {
        Await.until(PATIENCE, "the witness to speak", () -> !host.seen().isEmpty());
      }
    } finally {
      events.forEach(FlowEvents::close);
    }
  }

  private static List<JsonNode> resources(ClusterNode node) {
    List<JsonNode> all = new ArrayList<>();
    for (String path : List.of("vpcs", "subnets", "security-groups", "ports")) {
      Api.Answer answer = node.api().get("/v1/%s?limit=1000".formatted(path)).orFail();
      all.add(answer.body().at("/items"));
    }
    return all;
  }

  @Test
  void aNodeThatLostItsDiskCatchesUp() throws Exception {
    ClusterNode[] wiped = new ClusterNode[1];
    cloud.during(
        "a node that comes back with an empty disk",
        () -> {
          ClusterNode node = site.others(site.leader()).getFirst();
          node.kill();
          node.wipe();
          cloud.load().awaitAcknowledged(A_WHILE);
          node.startAgain();
          node.awaitReady(ClusterSite.STARTED);
          wiped[0] = node;
        });
    assertTrue(Inspection.agree(wiped[0], site.others(wiped[0]).getFirst()));
  }

  @Test
  void aNodeJoinsAndAnotherLeavesUnderLoad() throws Exception {
    cloud.during(
        "a fourth node that joins and leaves again",
        () -> {
          try (ClusterNode fourth = site.seat("n4")) {
            fourth.startToJoin(site.leader());
            add(fourth);
            fourth.awaitReady(ClusterSite.STARTED);
            site.awaitMembers();
            UUID _ = new Tenant(fourth.api()).vpc("by the fourth", "10.6.0.0/16");
            cloud.load().awaitAcknowledged(A_WHILE);
            remove(fourth);
          }
        });
  }

  /// As soon as the node runs and waits for it.
  private static void add(ClusterNode node) {
    Api api = site.founders().getFirst().api();
    String body = "{\"name\":\"%s\",\"raft\":\"%s\"}".formatted(node.name(), node.clusterAddress());
    Await.until(
        ClusterSite.STARTED,
        node + " to be taken in",
        () -> {
          Api.Answer answer = api.post("/v1/cluster/members", body);
          if (!answer.accepted()) {
            throw new IllegalStateException(answer.toString());
          }
          return answer.status() == 201;
        });
  }

  private static void remove(ClusterNode node) {
    Api.Answer removed = site.leader().api().delete("/v1/cluster/members/" + node.name());
    assertEquals(204, removed.orFail().status());
    node.stop();
    assertFalse(site.leader().status().names().contains(node.name()));
  }

  @Test
  void aNodeWithTheDataOfAnotherClusterIsRefused() throws Exception {
    cloud.during(
        "a node with another cluster's data",
        () -> {
          ClusterNode node = site.others(site.leader()).getFirst();
          node.stop();
          Path ours = Files.move(node.data(), folder.resolve("ours"));
          foundAnotherCluster(node);
          node.startAmong(site.founders());
          Await.until(PATIENCE, node + " to be refused", () -> !node.isRunning());
          assertTrue(Files.readString(node.log()).contains("cluster"), "it says why");
          node.wipe();
          Path _ = Files.move(ours, node.data());
          node.startAgain();
        });
  }

  /// Where nobody hears of it.
  private static void foundAnotherCluster(ClusterNode node) {
    try (Cuts cuts = site.cut(List.of(node), site.others(node))) {
      cloud.hosts().forEach(host -> cuts.between(node.netns(), host.netns()));
      node.startAmong(List.of(node));
      node.awaitReady(ClusterSite.STARTED);
      UUID _ = new Tenant(node.api()).vpc("alien", "10.5.0.0/16");
      node.stop();
    }
  }
}

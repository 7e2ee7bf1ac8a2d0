package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.NodeName;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.rest.ApiClient.Answer;
import io.heddle.rest.spi.Audits.Counts;
import io.heddle.rest.spi.Audits.Difference;
import io.heddle.rest.spi.Audits.Report;
import io.heddle.rest.spi.Audits.Result;
import io.heddle.rest.spi.Audits.Way;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cluster and the switches as operators see and change them.
class ClusterTest {

  private static final String N3 = "{'name':'n3','raft':'192.0.2.3:7070'}";

  @TempDir static Path directory;
  static TestCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster(directory);
    for (int i = 1; i <= 2; i++) {
      cluster.first.commit(
          new ReportHost(
              new HostId("hv" + i),
              "hv" + i,
              Ipv4Address.parse("192.0.2." + i),
              Map.of(),
              new ProjectId("default")));
    }
    cluster.first.commit(view());
  }

  private static Command<ClusterView> view() {
    return draft -> {
      ClusterView standing = draft.require(ClusterView.ID);
      ClusterView view =
          new ClusterView(
              standing.epoch() + 1,
              List.of("n1", "n2"),
              new TreeMap<>(Map.of(new HostId("hv2"), Set.of("n1"))));
      draft.put(view);
      return draft.accept(view);
    };
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void theFirstLeads() throws Exception {
    if (!cluster.first.leads()) {
      cluster.firstLeads();
    }
  }

  @AfterEach
  void asItWas() {
    cluster.group.gone.clear();
    cluster.group.behind.clear();
    cluster.group.waiting.clear();
    cluster.group.looks.clear();
    cluster.second.silence.set(Optional.empty());
  }

  @Test
  void anyNodeTellsOfAll() {
    cluster.group.gone.add(new NodeName("n1"));
    Answer status = cluster.two.as(TestNode.OPERATOR).get("/v1/cluster?revision=1").expect(200);
    assertEquals("n2", status.text("/node"));
    assertEquals("n1", status.text("/leader"));
    assertEquals(1L, status.json().at("/epoch").asLong() >>> 32);
    assertTrue(status.json().at("/term").asLong() > 0);
    assertEquals(cluster.second.image().revision(), status.json().at("/revision").asLong());
    assertEquals("leader", status.text("/members/0/role"));
    assertFalse(status.json().at("/members/0/connected").asBoolean());
    assertEquals("[\"hv2\"]", status.json().at("/members/0/exceptions").toString());
    assertEquals(2, status.json().at("/members/0/switchesMastered").asInt());
    assertEquals("follower", status.text("/members/1/role"));
    assertEquals(
        status.json().at("/members/1"),
        cluster.two.get("/v1/cluster/members/n2").expect(200).json());
  }

  @Test
  void membersComeAndGoFromAnyNode() {
    ApiClient two = cluster.two;
    two.post("/v1/cluster/members", N3)
        .refused(409, "name", "n3", "192.0.2.3:7070", "refused", "--join");
    cluster.group.waiting.add("192.0.2.3:7070");
    Answer added = two.post("/v1/cluster/members", N3).expect(201);
    assertEquals("/v1/cluster/members/n3", added.header("Location"));
    assertEquals("192.0.2.3:7070", added.text("/raft"));
    assertEquals("192.0.2.3:7070", two.get("/v1/cluster/members/n3").expect(200).text("/raft"));
    two.post("/v1/cluster/members", N3).refused(409, "name", "n3", "already");
    assertEquals(3, two.get("/v1/cluster").json().at("/members").size());
    two.delete("/v1/cluster/members/n3").expect(204);
    two.get("/v1/cluster/members/n3").refused(404, "", "n3");
    two.delete("/v1/cluster/members/n3").refused(404, "", "n3", "/v1/cluster");
    assertEquals(2, cluster.one.get("/v1/cluster").json().at("/members").size());
  }

  @Test
  void whoIsNeededStays() {
    cluster.group.gone.add(new NodeName("n2"));
    cluster
        .one
        .delete("/v1/cluster/members/n1")
        .refused(409, "", "without n1", "only 0", "1 must be");
    cluster.group.gone.clear();
    Answer request = cluster.one.get("/v1/cluster");
    assertEquals(2, request.json().at("/members").size());
  }

  @Test
  void theLastMemberStays() throws Exception {
    try (TestNode alone = new TestNode(directory.resolve("alone"), RestOptions.loopback(0));
        ApiClient api = new ApiClient(alone.port())) {
      api.delete("/v1/cluster/members/n1").refused(409, "", "n1", "last member");
      api.post("/v1/cluster:transferLeader", "{}").refused(409, "target", "n1");
    }
  }

  @Test
  void leadershipIsHandedOver() throws Exception {
    cluster.group.behind.add(new NodeName("n2"));
    cluster
        .two
        .post("/v1/cluster:transferLeader", "{'target':'n2'}")
        .refused(409, "target", "n2", "revision 3", "caught up");
    cluster.group.behind.clear();
    cluster.two.post("/v1/cluster:transferLeader", "{'target':'n9'}").refused(400, "target", "n9");
    Answer moved = cluster.two.post("/v1/cluster:transferLeader", "{'target':'n2'}").expect(200);
    assertEquals("n1", moved.text("/node"));
    cluster.second.awaitLeading();
    cluster.two.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201);
    assertEquals("n2", cluster.one.get("/v1/cluster").text("/leader"));
    cluster.one.post("/v1/cluster:transferLeader", "{}").expect(200);
    cluster.one.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201);
    assertEquals("n1", cluster.one.get("/v1/cluster").text("/leader"));
  }

  @Test
  void tenantsHaveNoBusinessHere() {
    ApiClient blue = cluster.two.as(TestNode.BLUE);
    blue.get("/v1/cluster").refused(403, "", "operator");
    blue.get("/v1/cluster/members/n1").refused(403, "", "operator");
    blue.get("/v1/cluster/members/n9").refused(403, "", "operator");
    blue.post("/v1/cluster/members", N3).refused(403, "", "operator");
    blue.delete("/v1/cluster/members/n1").refused(403, "", "operator");
    blue.post("/v1/cluster:transferLeader", "{}").refused(403, "", "operator");
    blue.get("/v1/audit").refused(403, "", "operator");
    blue.post("/v1/audit", "{}").refused(403, "", "operator");
    blue.post("/v1/audit", "{'hostIds':['hv9']}").refused(403, "", "operator");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    ApiClient api = cluster.two;
    api.post("/v1/cluster/members", "{'name':'n3'}").refused(400, "raft", "missing");
    api.post("/v1/cluster/members", "{'name':'n 3','raft':'h:1'}").refused(400, "name", "n 3");
    api.post("/v1/cluster/members", "{'name':'n3','raft':'h'}").refused(400, "raft", "\"h\"");
    api.post("/v1/cluster/members", "{'name':'n3','raft':'h:1','role':'leader'}")
        .refused(400, "role", "openflow");
    api.delete("/v1/cluster/members/n%203").refused(400, "name", "n 3");
    api.post("/v1/cluster:transferLeader", "{'to':'n2'}").refused(400, "to", "target");
    api.post("/v1/cluster:transferLeader", "").refused(400, "", "empty");
    api.get("/v1/cluster:transferLeader").refused(405, "", "POST");
    api.post("/v1/cluster:elect", "{}").refused(404, "", "elect");
    api.post("/v1/audit", "{'hostIds':[]}").refused(400, "hostIds", "1 or more");
    api.post("/v1/audit", "{'hostIds':['hv1','hv9']}").refused(400, "hostIds[1]", "hv9");
    api.post("/v1/audit", "{'repair':'yes'}").refused(400, "repair", "yes", "boolean");
    api.post("/v1/audit?timeoutSeconds=0", "{}").refused(400, "timeoutSeconds", "0");
    api.get("/v1/audit?hostId=a%20b").refused(400, "hostId", "a b");
  }

  @Test
  void auditsTellWhatDiffersAndWhereItComesFrom() {
    PortId port = new PortId(UUID.randomUUID());
    Difference altered =
        new Difference(
            Way.ALTERED,
            "spoof_guard",
            "priority=100,reg0=0x7",
            "SourceAddresses(port %s)".formatted(port),
            Optional.of(port));
    Difference extra = new Difference(Way.EXTRA, "route", "priority=1", "", Optional.empty());
    HostId hv1 = new HostId("hv1");
    Report found =
        new Report(hv1, Instant.EPOCH, false, new Counts(90, 0, 1, 2, 3), List.of(extra, altered));
    cluster.group.looks.put(hv1, new Result.Done(found));
    JsonNode all = cluster.two.post("/v1/audit", "{}").expect(200).json();
    assertEquals(2, all.at("/items").size());
    JsonNode differs = all.at("/items/0");
    assertEquals("differs", differs.at("/result").asText());
    assertEquals(90, differs.at("/inStep").asInt());
    assertEquals(2, differs.at("/extra").asInt());
    assertEquals("altered", differs.at("/differences/0/way").asText());
    assertEquals("spoof_guard", differs.at("/differences/0/table").asText());
    assertEquals("port", differs.at("/differences/0/row/kind").asText());
    assertEquals(port.toString(), differs.at("/differences/0/row/id").asText());
    assertTrue(differs.at("/differences/1/row").isNull());
    assertTrue(differs.at("/truncated").asBoolean());
    assertEquals("unavailable", all.at("/items/1/result").asText());
    assertEquals("it is not connected", all.at("/items/1/reason").asText());
    Answer last = cluster.two.get("/v1/audit").expect(200);
    assertEquals(differs, last.json().at("/items/0"));
    assertEquals("unknown", last.text("/items/1/result"));
    assertEquals(1, cluster.two.get("/v1/audit?hostId=hv2").json().at("/items").size());
    assertEquals("hv1", cluster.two.get("/v1/audit?limit=1").text("/items/0/hostId"));
    assertTrue(cluster.two.get("/v1/audit?limit=1").json().has("nextPageToken"));
  }

  @Test
  void auditsRepairOnlyWhenAskedToAndOnlyWhereAskedTo() {
    HostId hv1 = new HostId("hv1");
    cluster.group.looks.put(
        hv1,
        new Result.Done(
            new Report(hv1, Instant.EPOCH, true, new Counts(9, 1, 0, 0, 0), List.of())));
    synchronized (cluster.group.looked) {
      cluster.group.looked.clear();
    }
    cluster.two.post("/v1/audit", "{'hostIds':['hv1','hv1']}").expect(200);
    cluster.second.silence.set(Optional.of(Duration.ofSeconds(3)));
    Answer repaired =
        cluster.two.post("/v1/audit", "{'hostIds':['hv1'],'repair':true}").expect(200);
    assertEquals("repaired", repaired.text("/items/0/result"));
    assertEquals("3", repaired.header("Heddle-Stale"));
    synchronized (cluster.group.looked) {
      assertEquals(List.of("hv1", "hv1 repaired"), new ArrayList<>(cluster.group.looked));
    }
  }
}

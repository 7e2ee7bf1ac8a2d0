package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.model.HostId;
import io.heddle.rest.ApiClient.Answer;
import io.heddle.rest.TestGroup.Fate;
import io.heddle.rest.spi.Controller.Realization;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes: whichever is asked, the leader decides, and who wrote somewhere reads it there.
class AnyNodeTest {

  private static final String VPC = "{'name':'%s','cidrs':['10.0.0.0/16']}";
  private static final int PATIENCE_SECONDS = TestNode.PATIENCE_SECONDS;

  @TempDir static Path directory;
  static TestCluster cluster;
  static ApiClient one;
  static ApiClient two;
  static ExecutorService threads;

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster(directory);
    one = cluster.one;
    two = cluster.two;
    threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterAll
  static void stop() {
    threads.close();
    cluster.close();
  }

  @BeforeEach
  void theFirstLeads() throws Exception {
    if (!cluster.first.leads()) {
      cluster.firstLeads();
    }
  }

  @AfterEach
  void allIsWell() {
    cluster.secondEnd.release();
    cluster.second.silence.set(Optional.empty());
    cluster.second.illness.set(Optional.empty());
    cluster.group.believed = null;
  }

  private static Answer vpc(ApiClient api, String name, String... headers) {
    return api.post("/v1/vpcs", VPC.formatted(name), headers);
  }

  private static boolean ends(Future<?> future) throws Exception {
    try {
      future.get(300, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static <T> Future<T> later(Callable<T> call) {
    return threads.submit(call);
  }

  @Test
  void aFollowerHasWritesDecidedAndReadsThem() {
    Answer created = vpc(two, "mine").expect(201);
    String path = created.header("Location");
    assertEquals("mine", two.get(path).expect(200).text("/name"));
    assertEquals("mine", one.get(path).expect(200).text("/name"));
    Answer renamed =
        two.patch(path, "{'name':'ours'}", "If-Match", created.header("ETag")).expect(200);
    assertEquals("ours", two.get(path).text("/name"));
    assertEquals(renamed.header("ETag"), two.get(path).header("ETag"));
    two.delete(path).expect(204);
    two.get(path).expect(404);
    one.get(path).expect(404);
  }

  @Test
  void theAnswerWaitsUntilTheFollowerHasItToo() throws Exception {
    cluster.secondEnd.hold();
    long before = cluster.first.image().revision();
    Future<Answer> answer = later(() -> vpc(two, "slow"));
    cluster.first.awaitRevision(before + 1).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertFalse(ends(answer));
    cluster.secondEnd.release();
    Answer created = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).expect(201);
    assertEquals("slow", two.get(created.header("Location")).expect(200).text("/name"));
  }

  @Test
  void theLeaderHoldsTheCallerToWhatHeMayDo() {
    two.as(TestNode.BLUE_READER)
        .post("/v1/vpcs", VPC.formatted("x"))
        .refused(403, "", "rita", "reader", "member");
    Answer own = vpc(two.as(TestNode.BLUE), "own").expect(201);
    assertEquals("blue", own.text("/project"));
    Answer revision = one.get("/v1/revisions/" + own.text("/revision")).expect(200);
    assertEquals("bea", revision.text("/commands/0/author"));
    two.as(TestNode.BLUE)
        .post("/v1/vpcs", "{'project':'default','cidrs':['10.0.0.0/16']}")
        .refused(403, "", "blue", "default");
    two.post("/v1/vpcs", "{'cidrs':['10.0.0.1/16']}").refused(400, "cidrs[0]", "10.0.0.1/16");
    String hidden = vpc(one, "hidden").expect(201).header("Location");
    two.as(TestNode.BLUE).delete(hidden).expect(404);
  }

  @Test
  void theLeaderWaitsForTheSwitchesOnBehalfOfTheFollower() {
    HostId slow = new HostId("slow");
    try {
      cluster.first.realization.set(new Realization(Set.of(), Set.of(slow)));
      Answer there = two.post("/v1/vpcs?wait=realized", VPC.formatted("waited")).expect(201);
      assertEquals("slow", there.header("Heddle-Disconnected"));
      cluster.first.realization.set(new Realization(Set.of(slow), Set.of()));
      Answer late =
          two.post("/v1/vpcs?wait=realized&timeoutSeconds=1", VPC.formatted("late"))
              .refused(504, "", "slow");
      two.get(late.header("Location")).expect(200);
    } finally {
      cluster.first.realization.set(new Realization(Set.of(), Set.of()));
    }
  }

  @Test
  void anIdempotencyKeyHoldsOnAnyNodeAndUnderAnyLeader() throws Exception {
    Answer first = vpc(one, "once", "Idempotency-Key", "any-1").expect(201);
    Answer again = vpc(two, "once", "Idempotency-Key", "any-1").expect(201);
    assertEquals(first.id(), again.id());
    assertEquals(first.header("Location"), again.header("Location"));
    assertEquals(first.header("Heddle-Revision"), again.header("Heddle-Revision"));
    vpc(two, "twice", "Idempotency-Key", "any-1").refused(409, "Idempotency-Key", "any-1");
    cluster.secondLeads();
    assertEquals(first.id(), vpc(one, "once", "Idempotency-Key", "any-1").expect(201).id());
    assertEquals(first.id(), vpc(two, "once", "Idempotency-Key", "any-1").expect(201).id());
    assertEquals(1, one.get("/v1/vpcs?name=once").json().at("/items").size());
  }

  @Test
  void aWriteWaitsForTheNextLeader() throws Exception {
    cluster.log.nobodyLeads();
    Future<Answer> atOne = later(() -> vpc(one, "early"));
    Future<Answer> atTwo = later(() -> vpc(two, "early"));
    assertFalse(ends(atTwo));
    cluster.secondLeads();
    String made = atOne.get(PATIENCE_SECONDS, TimeUnit.SECONDS).expect(201).header("Location");
    one.get(made).expect(200);
    atTwo.get(PATIENCE_SECONDS, TimeUnit.SECONDS).expect(201);
  }

  @Test
  void whoIsTakenForTheLeaderAndIsNotSendsNobodyAway() throws Exception {
    cluster.secondLeads();
    cluster.group.believed = cluster.second.group().self();
    cluster.log.nobodyLeads();
    Future<Answer> answer = later(() -> vpc(one, "deposed"));
    assertFalse(ends(answer));
    cluster.group.believed = null;
    cluster.firstLeads();
    answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).expect(201);
  }

  @Test
  void withoutALeaderAWriteIsRefusedInTheEnd() {
    cluster.log.nobodyLeads();
    Answer refused = vpc(two, "never").refused(503, "", "leads", "try again");
    assertEquals("1", refused.header("Retry-After"));
    assertEquals(0, two.get("/v1/vpcs?name=never").json().at("/items").size());
    two.get("/readyz").refused(503, "", "leads");
    two.get("/healthz").expect(200);
    two.post("/v1/vpcs?dryRun=true", VPC.formatted("dry")).expect(200);
  }

  @Test
  void whatWasDoneIsAnsweredThoughTheAnswerIsLost() {
    cluster.group.next(Fate.LOSE_ANSWER);
    Answer created = vpc(two, "lost").expect(201);
    String path = created.header("Location");
    Answer read = two.get(path).expect(200);
    assertEquals(read.json(), created.json());
    assertEquals(read.header("ETag"), created.header("ETag"));
    assertEquals(read.text("/revision"), created.header("Heddle-Revision"));
    assertEquals(1, one.get("/v1/vpcs?name=lost").json().at("/items").size());
    cluster.group.next(Fate.LOSE_ANSWER);
    assertEquals("found", two.patch(path, "{'name':'found'}").expect(200).text("/name"));
    String rules = "/v1/security-groups/" + read.text("/defaultSecurityGroupId") + "/rules";
    two.post(rules, "{'direction':'ingress','protocol':'tcp','portFrom':80}").expect(201);
    cluster.group.next(Fate.LOSE_ANSWER);
    Answer rule =
        two.post(rules, "{'direction':'ingress','protocol':'tcp','portFrom':443}").expect(201);
    assertEquals(443, rule.json().at("/portFrom").asInt());
    assertEquals(rule.json(), two.get(rule.header("Location")).expect(200).json());
    cluster.group.next(Fate.LOSE_ANSWER);
    two.delete(rule.header("Location")).expect(204);
    two.get(rule.header("Location")).expect(404);
    cluster.group.next(Fate.LOSE_ANSWER);
    two.delete(path).expect(204);
    two.get(path).expect(404);
    cluster.group.next(Fate.LOSE_ANSWER);
    Answer many =
        two.post(
                "/v1/vpcs",
                "{'items':[{'name':'l1','cidrs':['10.0.0.0/16']},{'name':'l2','cidrs':['10.1.0.0/16']}]}")
            .expect(201);
    assertEquals("l1", many.text("/items/0/name"));
    assertEquals("l2", many.text("/items/1/name"));
  }

  @Test
  void whatNobodyKnowsIsSaidToBeUnknown() {
    cluster.group.next(Fate.LOSE_TRACE);
    vpc(two, "unknown", "Idempotency-Key", "any-2").refused(504, "", "Idempotency-Key");
    Answer repeated = vpc(two, "unknown", "Idempotency-Key", "any-2").expect(201);
    assertEquals(List.of(repeated.id()), ids(one.get("/v1/vpcs?name=unknown").expect(200).json()));
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.at("/items").forEach(item -> ids.add(item.at("/id").asText()));
    return ids;
  }

  @Test
  void aReadWaitsForTheRevisionThatItAsksFor() throws Exception {
    cluster.secondEnd.hold();
    Answer created = vpc(one, "ahead").expect(201);
    String path = created.header("Location") + "?revision=" + created.header("Heddle-Revision");
    two.get(created.header("Location")).expect(404);
    two.get(path + "&timeoutSeconds=1").refused(504, "", created.header("Heddle-Revision"), "1 s");
    Future<Answer> read = later(() -> two.get(path));
    assertFalse(ends(read));
    cluster.secondEnd.release();
    assertEquals("ahead", read.get(PATIENCE_SECONDS, TimeUnit.SECONDS).expect(200).text("/name"));
    for (String list :
        List.of("vpcs", "subnets", "ports", "security-groups", "hosts", "projects", "revisions")) {
      two.get("/v1/%s?revision=%s".formatted(list, created.header("Heddle-Revision"))).expect(200);
    }
    two.get("/v1/vpcs?revision=-1").refused(400, "revision", "-1");
    two.get("/v1/vpcs?revision=soon").refused(400, "revision", "soon");
    two.get("/v1/vpcs?revision=1&timeoutSeconds=0").refused(400, "timeoutSeconds", "0");
  }

  @Test
  void aNodeThatHasLostTheOthersSaysSo() {
    assertEquals("", two.get("/v1/vpcs").expect(200).header("Heddle-Stale"));
    cluster.second.silence.set(Optional.of(Duration.ofMillis(12_900)));
    assertEquals("12", two.get("/v1/vpcs").expect(200).header("Heddle-Stale"));
    assertEquals("12", two.get("/v1/projects/nowhere").expect(404).header("Heddle-Stale"));
    assertEquals(12, two.get("/v1/cluster").expect(200).json().at("/staleSeconds").asInt());
    Answer refused = vpc(two, "cut-off").refused(503, "", "majority", "12 s");
    assertEquals("1", refused.header("Retry-After"));
    two.get("/v1/vpcs?timeoutSeconds=1&revision=999999").refused(503, "", "999999", "majority");
    two.get("/readyz").refused(503, "", "no quorum", "12 s");
    assertEquals("ok", two.get("/healthz").expect(200).text("/status"));
    one.get("/readyz").expect(200);
  }

  @Test
  void aNodeThatIsBrokenIsNotHealthy() {
    cluster.second.illness.set(Optional.of("its store has failed"));
    two.get("/healthz").refused(503, "", "store");
    two.get("/readyz").refused(503, "", "store");
  }

  @Test
  void everyAnswerNamesItsRequest() {
    Answer named = vpc(two, "named", "X-Request-Id", "errand-7").expect(201);
    assertEquals("errand-7", named.header("X-Request-Id"));
    Answer revision = one.get("/v1/revisions/" + named.text("/revision")).expect(200);
    assertEquals("errand-7", revision.text("/commands/0/requestId"));
    Answer problem = two.send("POST", "/v1/vpcs", "{}", "X-Request-Id", "errand-7").expect(400);
    assertEquals("errand-7", problem.text("/requestId"));
    Answer relayed =
        two.post("/v1/vpcs", "{'cidrs':['10.0.0.1/16']}", "X-Request-Id", "errand-8").expect(400);
    assertEquals("errand-8", relayed.text("/requestId"));
    assertEquals("errand-8", relayed.header("X-Request-Id"));
    Answer nowhere = two.send("GET", "/v1/nowhere", null, "X-Request-Id", "errand-9");
    assertEquals("errand-9", nowhere.expect(404).text("/requestId"));
    for (String nonsense : List.of("with space", "x".repeat(65), "quote\"", "a~b")) {
      Answer renamed = two.send("GET", "/v1/vpcs", null, "X-Request-Id", nonsense).expect(200);
      assertNotEquals(nonsense, renamed.header("X-Request-Id"));
      assertEquals(36, renamed.header("X-Request-Id").length());
    }
    assertEquals(36, two.get("/v1/nowhere").expect(404).text("/requestId").length());
  }

  @Test
  void aNodeOfAnotherVersionIsToldSo() throws Exception {
    assertTrue(relayed("nonsense").contains("another version"));
    String unknown =
        """
        {"operation":"createWormhole","mediaType":"application/json","id":{"shown":"x","inLog":"x"},
        "caller":{"subject":"admin","role":"ADMIN","project":null},
        "target":"POST /v1/wormholes","parameters":{},"body":{}}
        """;
    assertTrue(relayed(unknown).contains("createWormhole"));
    assertTrue(relayed(unknown.replace("ADMIN", "KING")).contains("another version"));
    assertTrue(relayed(unknown.replace("createWormhole", "listVpcs")).contains("listVpcs"));
    String extra = unknown.replace("createWormhole", "createVpc").replace("{}}", "{\"cidrz\":1}}");
    assertTrue(relayed(extra).contains("cidrz"));
  }

  private static String relayed(String message) throws Exception {
    CompletableFuture<byte[]> answer =
        cluster
            .first
            .server()
            .serveRelayed(message.getBytes(StandardCharsets.UTF_8))
            .toCompletableFuture();
    return new String(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS), StandardCharsets.UTF_8);
  }

  @Test
  void manyWritersAtBothNodesReadWhatTheyWroteWhileTheLeaderChanges() throws Exception {
    Set<String> acknowledged = new HashSet<>();
    List<Future<List<String>>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ApiClient api = i % 2 == 0 ? one : two;
      String name = "w" + i;
      writers.add(later(() -> write(api, name)));
    }
    cluster.secondLeads();
    cluster.firstLeads();
    cluster.secondLeads();
    for (Future<List<String>> writer : writers) {
      acknowledged.addAll(writer.get(2 * PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    long revision = cluster.second.image().revision();
    for (ApiClient api : List.of(one, two)) {
      Set<String> there = new HashSet<>();
      for (int i = 0; i < 8; i++) {
        there.addAll(ids(api.get("/v1/vpcs?name=w%d&revision=%d".formatted(i, revision)).json()));
      }
      assertEquals(acknowledged, there);
    }
  }

  private static List<String> write(ApiClient api, String name) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Answer created = vpc(api, name, "Idempotency-Key", "%s-%d".formatted(name, i)).expect(201);
      assertEquals(created.id(), api.get(created.header("Location")).expect(200).id());
      made.add(created.id());
    }
    return made;
  }
}

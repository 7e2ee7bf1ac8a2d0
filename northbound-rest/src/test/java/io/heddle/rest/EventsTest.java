package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.VpcId;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.store.Command;
import io.heddle.rest.ApiClient.Answer;
import io.heddle.rest.EventStream.Block;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What followers hear, at either node: everything that is theirs, once, in order.
class EventsTest {

  private static final String VPC = "{'name':'%s','cidrs':['10.0.0.0/16']}";

  @TempDir static Path directory;
  static TestCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        new TestCluster(directory, RestOptions.Limits.DEFAULT, HistoryArchive.Retention.DEFAULT);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static EventStream follow(TestNode node, String token, String query, String... headers)
      throws Exception {
    return new EventStream(node.port(), token, query, headers);
  }

  private static long now() {
    return cluster.first.image().revision();
  }

  private static List<String> ids(List<Block> events) {
    return events.stream().map(Block::id).toList();
  }

  @Test
  void aLifeIsToldInItsOrder() throws Exception {
    try (EventStream events = follow(cluster.second, TestNode.ADMIN, "?since=" + now())) {
      Answer vpc = cluster.two.post("/v1/vpcs", VPC.formatted("life"), "X-Request-Id", "errand-1");
      String path = vpc.expect(201).header("Location");
      cluster.one.patch(path, "{'name':'lives'}").expect(200);
      cluster.two.delete(path).expect(204);
      String group = vpc.text("/defaultSecurityGroupId");
      Block created = events.nextEvent();
      assertEquals(vpc.text("/revision"), created.json().at("/revision").asText());
      assertEquals("default", created.json().at("/project").asText());
      assertEquals("admin", created.json().at("/author").asText());
      assertEquals("errand-1", created.json().at("/requestId").asText());
      assertEquals(
          cluster.one.get("/v1/revisions/" + vpc.text("/revision")).text("/at"),
          created.json().at("/at").asText());
      String table = vpc.text("/mainRouteTableId");
      List<String> told = new ArrayList<>(List.of(created.words()));
      told.addAll(List.of(events.nextEvent().words(), events.nextEvent().words()));
      Collections.sort(told);
      assertEquals(
          List.of(
              "created route-table " + table,
              "created security-group " + group,
              "created vpc " + vpc.id()),
          told);
      assertEquals("updated vpc " + vpc.id(), events.nextEvent().words());
      told = new ArrayList<>(List.of(events.nextEvent().words(), events.nextEvent().words()));
      told.add(events.nextEvent().words());
      Collections.sort(told);
      assertEquals(
          List.of(
              "deleted route-table " + table,
              "deleted security-group " + group,
              "deleted vpc " + vpc.id()),
          told);
    }
  }

  @Test
  void bothNodesTellTheSameUnderManyWriters() throws Exception {
    long since = now();
    List<String> made = new ArrayList<>();
    try (EventStream atOne = follow(cluster.first, TestNode.ADMIN, "?since=" + since);
        EventStream atTwo = follow(cluster.second, TestNode.ADMIN, "?since=" + since);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ApiClient api = i % 2 == 0 ? cluster.one : cluster.two;
        writers.add(threads.submit(() -> lives(api)));
      }
      for (Future<List<String>> writer : writers) {
        made.addAll(writer.get(2 * TestNode.PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      long last = now();
      List<Block> one = upTo(atOne, last);
      List<Block> two = upTo(atTwo, last);
      assertEquals(one, two);
      assertEquals(one, later(cluster.second, since, last));
      List<String> vpcs =
          one.stream()
              .filter(event -> event.json().at("/kind").asText().equals("vpc"))
              .map(Block::words)
              .toList();
      Map<String, List<String>> lives = new HashMap<>();
      for (String words : vpcs) {
        lives
            .computeIfAbsent(words.substring(words.lastIndexOf(' ') + 1), id -> new ArrayList<>())
            .add(words.substring(0, words.indexOf(' ')));
      }
      assertEquals(lives.keySet(), Set.copyOf(made));
      lives.values().forEach(life -> assertEquals(List.of("created", "updated", "deleted"), life));
    }
  }

  /// Events of revisions up to the last, from a stream that may have told that it has caught up
  /// already.
  private static List<Block> upTo(EventStream stream, long last) throws InterruptedException {
    List<Block> events = new ArrayList<>();
    while (events.isEmpty() || events.getLast().json().at("/revision").asLong() < last) {
      events.add(stream.nextEvent());
    }
    // A deletion of a VPC takes its group and its main route table with it.
    events.add(stream.nextEvent());
    events.add(stream.nextEvent());
    return events;
  }

  private static List<Block> later(TestNode node, long since, long last) throws Exception {
    try (EventStream stream = follow(node, TestNode.ADMIN, "?since=" + since)) {
      return stream.until(last);
    }
  }

  private static List<String> lives(ApiClient api) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Answer created = api.post("/v1/vpcs", VPC.formatted("many")).expect(201);
      api.patch(created.header("Location"), "{'name':'more'}").expect(200);
      api.delete(created.header("Location")).expect(204);
      made.add(created.id());
    }
    return made;
  }

  @Test
  void whoComesBackToAnotherNodeMissesNothingAndHearsNothingTwice() throws Exception {
    long since = now();
    cluster.one.post("/v1/vpcs", items(5)).expect(201);
    cluster.two.post("/v1/vpcs", items(5)).expect(201);
    long last = now();
    List<Block> all = later(cluster.first, since, last);
    assertEquals(30, all.size());
    List<Block> heard = new ArrayList<>();
    String lastId = "";
    for (int piece : new int[] {1, 3, 9, 14}) {
      TestNode node = heard.size() % 2 == 0 ? cluster.second : cluster.first;
      String[] headers = lastId.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", lastId};
      try (EventStream stream = follow(node, TestNode.ADMIN, "?since=" + since, headers)) {
        for (int i = 0; i < piece; i++) {
          heard.add(stream.nextEvent());
        }
        lastId = stream.lastId;
      }
    }
    try (EventStream stream = follow(cluster.first, TestNode.ADMIN, "", "Last-Event-ID", lastId)) {
      heard.addAll(stream.until(last));
    }
    assertEquals(ids(all), ids(heard));
    assertEquals(all, heard);
    try (EventStream stream =
        follow(cluster.first, TestNode.ADMIN, "", "Last-Event-ID", Long.toString(last))) {
      assertEquals(List.of(), stream.until(last));
    }
  }

  private static String items(int count) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add("{'name':'i%d','cidrs':['10.0.0.0/16']}".formatted(i));
    }
    return "{'items':[%s]}".formatted(String.join(",", items));
  }

  @Test
  void aFollowerThatIsAheadOfItsNodeWaits() throws Exception {
    cluster.secondEnd.hold();
    long since;
    try {
      cluster.one.post("/v1/vpcs", VPC.formatted("ahead")).expect(201);
      since = now();
      Answer behind = cluster.two.get("/v1/events?since=" + since);
      behind.refused(504, "", Long.toString(since));
    } finally {
      cluster.secondEnd.release();
    }
    try (EventStream stream = follow(cluster.second, TestNode.ADMIN, "?since=" + since)) {
      String id = cluster.one.post("/v1/vpcs", VPC.formatted("next")).expect(201).id();
      List<String> told = List.of(stream.nextEvent().words(), stream.nextEvent().words());
      assertTrue(told.contains("created vpc " + id), told::toString);
    }
  }

  @Test
  void tenantsHearOfTheirOwnOnly() throws Exception {
    long since = now();
    String hidden = cluster.one.post("/v1/vpcs", VPC.formatted("hidden")).expect(201).id();
    ApiClient blue = cluster.two.as(TestNode.BLUE);
    Answer vpc = blue.post("/v1/vpcs", VPC.formatted("own")).expect(201);
    String subnet =
        blue.post("/v1/subnets", "{'vpcId':'%s','cidr':'10.0.1.0/24'}".formatted(vpc.id()))
            .expect(201)
            .id();
    String port = blue.post("/v1/ports", "{'subnetId':'%s'}".formatted(subnet)).expect(201).id();
    HostId host = new HostId("hv-events");
    Binding binding =
        new Binding(new Binding.Id(PortId.parse(port), host), VpcId.parse(vpc.id()), 7);
    cluster.first.commit(report(host));
    cluster.first.commit(bind(binding, true));
    cluster.first.commit(bind(binding, false));
    blue.delete("/v1/ports/" + port).expect(204);
    cluster.one.delete("/v1/vpcs/" + hidden).expect(204);
    long last = now();
    String all = told(later(TestNode.OPERATOR, since, last, ""));
    for (String part : List.of(hidden, vpc.id(), subnet, port, "host hv-events")) {
      assertTrue(all.contains(part), all);
    }
    assertTrue(all.contains("updated binding %s@hv-events".formatted(port)), all);
    assertTrue(all.contains("deleted binding %s@hv-events".formatted(port)), all);
    assertTrue(all.contains("created host hv-events"), all);
    for (String token : List.of(TestNode.BLUE, TestNode.BLUE_READER)) {
      List<Block> own = later(token, since, last, "");
      assertEquals(
          List.of("blue"),
          own.stream().map(event -> event.json().at("/project").asText()).distinct().toList());
      assertTrue(told(own).contains("created vpc " + vpc.id()));
      assertTrue(told(own).contains("created port " + port));
      assertTrue(told(own).contains("deleted port " + port));
      assertFalse(told(own).contains("hv-events"));
      assertFalse(told(own).contains(hidden));
      assertEquals(List.of(), later(token, since, last, "&project=default"));
    }
    List<Block> asked = later(TestNode.OPERATOR, since, last, "&project=blue");
    assertEquals(later(TestNode.BLUE, since, last, ""), asked);
  }

  private static List<Block> later(String token, long since, long last, String more)
      throws Exception {
    try (EventStream stream = follow(cluster.second, token, "?since=" + since + more)) {
      return stream.until(last);
    }
  }

  private static String told(List<Block> events) {
    return String.join("\n", events.stream().map(Block::words).toList());
  }

  private static Command<?> report(HostId host) {
    return new ReportHost(
        host, "hv", Ipv4Address.parse("192.0.2.1"), Map.of(), new ProjectId("default"));
  }

  private static Command<Binding> bind(Binding binding, boolean there) {
    return draft -> {
      if (there) {
        draft.put(binding);
      } else {
        draft.delete(binding.id());
      }
      return draft.accept(binding);
    };
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    cluster.two.get("/v1/events?since=-1").refused(400, "since", "-1");
    cluster.two.get("/v1/events?since=yesterday").refused(400, "since", "yesterday");
    cluster.two.get("/v1/events?until=7").refused(400, "until", "since");
    cluster
        .two
        .send("GET", "/v1/events", null, "Last-Event-ID", "7:x")
        .refused(400, "Last-Event-ID", "7:x");
    cluster.two.as("").get("/v1/events").refused(401, "", "token");
  }

  @Test
  void aStreamEndsWithItsToken() throws Exception {
    RestOptions.Limits limits = limits(8, 8, Duration.ofMillis(100), Duration.ofSeconds(60));
    try (TestCluster own =
            new TestCluster(directory.resolve("tokens"), limits, HistoryArchive.Retention.DEFAULT);
        EventStream stream = follow(own.second, TestNode.BLUE, "")) {
      long now = own.second.image().revision();
      stream.until(now);
      assertEquals(List.of(), stream.until(now)); // a heartbeat
      own.second.revoked.add(TestNode.BLUE);
      assertEquals(Optional.empty(), stream.end());
    }
  }

  @Test
  void streamsEndWhenTheNodeStops() throws Exception {
    TestCluster own = new TestCluster(directory.resolve("stops"));
    try (EventStream idle = follow(own.second, TestNode.ADMIN, "");
        EventStream late = follow(own.second, TestNode.ADMIN, "?since=0")) {
      late.until(own.second.image().revision());
      idle.until(own.second.image().revision());
      own.close();
      assertEquals(Optional.empty(), idle.end());
      assertEquals(Optional.empty(), late.end());
    }
  }

  @Test
  void onlySoManyMayFollow() throws Exception {
    RestOptions.Limits limits = limits(3, 2, Duration.ofSeconds(15), Duration.ofSeconds(60));
    try (TestCluster own =
        new TestCluster(directory.resolve("places"), limits, HistoryArchive.Retention.DEFAULT)) {
      ApiClient api = own.two;
      try (EventStream one = follow(own.second, TestNode.BLUE, "");
          EventStream two = follow(own.second, TestNode.BLUE, "")) {
        assertTrue(one.revision() > 0 && two.revision() > 0);
        Answer tooMany = api.as(TestNode.BLUE_READER).get("/v1/events").refused(429, "", "blue");
        assertEquals("10", tooMany.header("Retry-After"));
        try (EventStream three = follow(own.second, TestNode.OPERATOR, "")) {
          assertTrue(three.revision() > 0);
          api.get("/v1/events").refused(503, "", "3", "another node");
        }
      }
      try (EventStream again = eventually(own.second, TestNode.BLUE)) {
        assertTrue(again.revision() > 0);
      }
    }
  }

  /// The server sees in its own time that a client is gone.
  private static EventStream eventually(TestNode node, String token) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestNode.PATIENCE_SECONDS);
    while (true) {
      try {
        return follow(node, token, "");
      } catch (AssertionError refused) {
        if (System.nanoTime() > deadline) {
          throw refused;
        }
      }
    }
  }

  private static RestOptions.Limits limits(
      int streams, int ofOneProject, Duration heartbeat, Duration stall) {
    RestOptions.Limits usual = RestOptions.Limits.DEFAULT;
    return new RestOptions.Limits(
        usual.bodyBytes(),
        usual.inFlight(),
        usual.connections(),
        usual.bodyWithin(),
        usual.idle(),
        new RestOptions.Streams(streams, ofOneProject, heartbeat, stall));
  }

  @Test
  void whoComesTooLateIsToldSo() throws Exception {
    HistoryArchive.Retention little = new HistoryArchive.Retention(4_000, 2);
    try (TestCluster own =
        new TestCluster(directory.resolve("late"), RestOptions.Limits.DEFAULT, little)) {
      for (int i = 0; i < 30; i++) {
        own.two.post("/v1/vpcs", VPC.formatted("v" + i)).expect(201);
      }
      Answer gone = own.two.get("/v1/events?since=0").refused(410, "", "revision 1 ");
      long oldest = gone.json().at("/oldest").asLong();
      assertTrue(oldest > 1, gone.json()::toString);
      own.two
          .send("GET", "/v1/events", null, "Last-Event-ID", "%d:0".formatted(oldest - 1))
          .expect(410);
      long last = own.second.image().revision();
      try (EventStream stream = follow(own.second, TestNode.ADMIN, "?since=" + (oldest - 1))) {
        List<Block> events = stream.until(last);
        assertEquals(3 * (last - oldest + 1), events.size());
        assertEquals(oldest, events.getFirst().json().at("/revision").asLong());
      }
    }
  }
}

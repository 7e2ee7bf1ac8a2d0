package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.replication.TestGroup.Node;
import io.heddle.core.store.Log;
import io.heddle.core.store.LogGroup;
import io.heddle.core.store.LogGroup.Peer;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three members in one process: who leads, who belongs to the group, and what a minority may do.
class RatisGroupTest {

  @TempDir Path directory;
  private TestGroup group;

  @BeforeEach
  void open() {
    group = new TestGroup(directory, "test", 10_000);
  }

  @AfterEach
  void close() {
    group.close();
  }

  private static void done(CompletableFuture<Void> change) {
    Rig.await(change);
  }

  private static <T extends Throwable> T failure(Class<T> type, CompletableFuture<?> change) {
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> change.get(30, TimeUnit.SECONDS));
    return assertInstanceOf(type, failed.getCause());
  }

  private static String refusal(CompletableFuture<Void> change) {
    return failure(LogGroup.Refused.class, change).getMessage();
  }

  private static List<String> names(Node node) {
    return node.log().members().stream().map(Peer::name).sorted().toList();
  }

  @Test
  void foundersElectOneAndAllApplyWhatItCommits() throws IOException {
    group.found("n1", "n2", "n3");
    Node leader = group.leader();
    group.allReach(TestGroup.create(leader, "a"));
    for (Node follower : group.followers()) {
      assertTrue(follower.has("a"));
      assertEquals(Optional.of(leader.name()), follower.log().leader());
      assertEquals(leader.log().term(), follower.log().term());
      assertEquals(leader.store().status().term(), follower.log().term());
      assertEquals(List.of("n1", "n2", "n3"), names(follower));
      assertEquals(leader.log().clusterId(), follower.log().clusterId());
      TestGroup.until("it hears", () -> follower.log().sinceContact().toMillis() < 1_000);
      failure(Log.NotLeader.class, follower.log().append(new byte[0]));
    }
    TestGroup.until("they answer", () -> leader.log().sinceContact().toMillis() < 1_000);
    assertEquals(Optional.of(leader.name()), leader.log().leader());
  }

  @Test
  void anotherLeadsWhenTheLeaderIsGoneAndNothingIsLost() throws IOException {
    group.found("n1", "n2", "n3");
    Node first = group.leader();
    TestGroup.createAll(first, "a", 20);
    long term = first.log().term();
    group.stop(first.name());
    Node second = group.leader();
    assertTrue(second.log().term() > term);
    assertTrue(second.has("a19"));
    long revision = TestGroup.create(second, "b");
    Node back = group.start(first.name());
    Rig.await(back.store().awaitRevision(revision));
    assertTrue(back.has("b"));
    assertEquals(second.name(), group.leader().name(), "who comes back deposes nobody");
  }

  @Test
  void aMinorityReadsAndDoesNotWrite() throws IOException {
    group.found("n1", "n2", "n3");
    Node leader = group.leader();
    group.allReach(TestGroup.create(leader, "a"));
    group.followers().forEach(follower -> group.stop(follower.name()));
    TestGroup.until("it gives up", () -> !leader.leads());
    Outcome<?> answer = Rig.await(leader.store().submit(Rig.creation("b")));
    assertInstanceOf(Outcome.NotLeading.class, answer);
    assertTrue(leader.has("a"));
    TestGroup.until(
        "it knows how long",
        () -> leader.log().sinceContact().compareTo(Duration.ofSeconds(2)) > 0);
    failure(Log.NotLeader.class, leader.log().remove("n2"));
    assertNull(leader.stopped().get(), "it waits for the others");
  }

  @Test
  void theLeadershipGoesWhereItIsTold() throws IOException {
    group.found("n1", "n2", "n3");
    AtomicInteger changes = new AtomicInteger();
    Node watched = group.followers().getFirst();
    try (var _ = watched.log().onChange(changes::incrementAndGet)) {
      for (String next : List.of("n1", "n2", "n3", "n1")) {
        int before = changes.get();
        Node leader = group.leader();
        boolean same = leader.name().equals(next);
        done(leader.log().transferLeadership(next));
        assertEquals(Optional.of(next), leader.log().leader());
        TestGroup.until("it serves", () -> group.node(next).leads());
        TestGroup.create(group.node(next), "p" + before + next);
        TestGroup.until("it is told", () -> same || changes.get() > before);
      }
    }
    Node leader = group.leader();
    assertTrue(
        refusal(leader.log().transferLeadership("n9")).contains("no member; there are [n1, n2"));
    Node follower = group.followers().getFirst();
    failure(Log.NotLeader.class, follower.log().transferLeadership("n1"));
    group.stop(follower.name());
    isMissed(leader, follower.name());
    assertTrue(
        refusal(leader.log().transferLeadership(follower.name())).contains("does not answer"));
  }

  private static void isMissed(Node leader, String gone) {
    TestGroup.until("it is missed", () -> !leader.log().hears(gone));
  }

  @Test
  void oneGrowsToThree() throws IOException {
    group.found("n1");
    Node first = group.leader();
    TestGroup.createAll(first, "a", 30);
    assertEquals(Duration.ZERO, first.log().sinceContact());
    for (String name : List.of("n2", "n3")) {
      Node joined = group.start(name);
      done(first.log().add(group.peer(name)));
      group.allReach(first.revision());
      assertTrue(joined.has("a29"));
      assertEquals(first.log().clusterId(), joined.log().clusterId());
    }
    assertEquals(List.of("n1", "n2", "n3"), names(group.node("n2")));
    group.stop("n1");
    TestGroup.create(group.leader(), "b");
  }

  @Test
  void aMemberThatIsRemovedStopsAndTheOthersGoOn() throws IOException {
    group.found("n1", "n2", "n3");
    Node leader = group.leader();
    Node leaving = group.followers().getFirst();
    assertTrue(refusal(leader.log().remove(leader.name())).contains("transfer the leadership"));
    done(leader.log().remove(leaving.name()));
    assertEquals(2, leader.log().members().size());
    TestGroup.until("it stops", () -> leaving.stopped().get() != null);
    assertTrue(
        leaving.stopped().get().getMessage().contains("was removed from the cluster"),
        leaving.stopped().get().getMessage());
    done(leader.log().remove(leaving.name()));
    group.stop(leaving.name());
    TestGroup.create(leader, "b");

    group.wipe(leaving.name());
    Node again = group.start(leaving.name());
    done(leader.log().add(group.peer(leaving.name())));
    Rig.await(again.store().awaitRevision(leader.revision()));
    assertTrue(again.has("b"));
  }

  @Test
  @Tag("slow")
  void whoDoesNotAnswerIsNotAdded() throws IOException {
    group.found("n1", "n2", "n3");
    Node leader = group.leader();
    CompletableFuture<Void> adding = leader.log().add(group.peer("n4"));
    TestGroup.create(leader, "meanwhile");
    assertTrue(refusal(leader.log().add(group.peer("n5"))).contains("is under way"));
    assertTrue(refusal(adding).contains("did not answer"));
    assertEquals(3, leader.log().members().size());
    TestGroup.create(leader, "after");
  }

  @Test
  void changesThatCannotSucceedAreRefusedAndSayWhy() throws IOException {
    group.found("n1", "n2", "n3");
    Node leader = group.leader();
    String gone = group.followers().getFirst().name();
    String here = group.followers().getLast().name();
    done(leader.log().add(group.peer(here)));
    assertTrue(
        refusal(leader.log().add(new Peer(here, "127.0.0.1", 1))).contains("is a member already"));
    group.stop(gone);
    isMissed(leader, gone);
    assertTrue(refusal(leader.log().remove(here)).contains(gone + " does not answer"));
    assertEquals(3, leader.log().members().size());
    done(leader.log().remove(gone));
    TestGroup.create(leader, "b");
  }
}

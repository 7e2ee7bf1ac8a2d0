package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.ScriptedLog.Fate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// One store on a log that behaves.
class StoreTest extends StoreFixture {

  @Test
  void theFirstLeaderFoundsTheClusterBeforeItServes() {
    Node node = node("n1");
    notLeading(node.create("early"));
    node.log().lead(1);
    assertEquals(1, Rig.await(node.store().awaitLeading()));
    Image image = node.store().image();
    assertEquals(1, image.revision());
    Cluster cluster = image.require(Cluster.ID);
    assertEquals(1, cluster.incarnation());
    assertEquals(Cluster.CURRENT_FEATURE_LEVEL, cluster.featureLevel());
    assertEquals(32, cluster.cookieKey().length());
    assertEquals(new ClusterView((1L << 32) + 1, List.of("n1")), image.require(ClusterView.ID));
  }

  @Test
  void everyLeadershipOpensALaterEpoch() {
    Node first = leader();
    first.log().follow();
    Node second = node("n2");
    second.log().lead(2);
    Rig.await(second.store().awaitLeading());
    Image image = Rig.await(first.store().awaitRevision(2));
    assertEquals(new ClusterView((1L << 32) + 2, List.of("n1")), image.require(ClusterView.ID));
  }

  @Test
  void whatIsCommittedIsInTheImageAtItsRevision() {
    Node node = leader();
    Outcome.Committed<?> outcome = committed(node.create("blue"));
    assertEquals(new ProjectId("blue"), outcome.result());
    assertEquals(2, outcome.revision());
    assertTrue(node.store().image().find(new ProjectId("blue")).isPresent());
  }

  @Test
  void whatWaitsBehindABatchMakesOneBatch() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> first = node.create("first");
    byte[] held = node.log().heldEntry();
    List<CompletableFuture<Outcome<ProjectId>>> rest = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rest.add(node.create("p" + i));
    }
    assertFalse(first.isDone());
    sequence.commit(held);
    assertEquals(2, committed(first).revision());
    rest.forEach(answer -> assertEquals(3, committed(answer).revision()));
    assertEquals(10, sequence.batches().getLast().entries().size());
  }

  @Test
  void aRefusalLeavesNothingAndAnAnswerThatRestsOnTheBatchWaitsForIt() {
    Node node = leader();
    node.log().next(Fate.HOLD, Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> blocker = node.create("blocker");
    byte[] first = node.log().heldEntry();
    CompletableFuture<Outcome<ProjectId>> blue = node.create("blue");
    CompletableFuture<Outcome<ProjectId>> again = node.create("blue");
    Command<ProjectId> half =
        draft -> {
          draft.put(Rig.project("half"));
          return Decision.rejected(Problem.invalid("x", "no"));
        };
    CompletableFuture<Outcome<ProjectId>> refused =
        node.store().submit(Submission.of(half, "tester", "half"));
    sequence.commit(first);
    committed(blocker);
    byte[] second = node.log().heldEntry();
    assertFalse(blue.isDone() || again.isDone() || refused.isDone());
    sequence.commit(second);
    committed(blue);
    assertEquals(Problem.Type.CONFLICT, rejected(again).type());
    assertEquals(Problem.Type.INVALID, rejected(refused).type());
    assertTrue(node.store().image().find(new ProjectId("half")).isEmpty());
    assertEquals(1, sequence.batches().getLast().facts().size());
  }

  @Test
  void aCommandWithABugFailsAloneAndTheOthersGoOn() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    node.create("blocker");
    byte[] held = node.log().heldEntry();
    CompletableFuture<Outcome<ProjectId>> before = node.create("before");
    CompletableFuture<Outcome<ProjectId>> bug =
        node.store()
            .submit(
                Submission.of(
                    draft -> {
                      draft.put(Rig.project("ghost"));
                      throw new ArithmeticException("a bug");
                    },
                    "tester",
                    "bug"));
    CompletableFuture<Outcome<ProjectId>> after = node.create("after");
    sequence.commit(held);
    committed(before);
    committed(after);
    assertInstanceOf(ArithmeticException.class, failure(bug));
    assertTrue(node.store().image().find(new ProjectId("ghost")).isEmpty());
    assertNull(stopped.get());
  }

  @Test
  void acceptingNothingNeedsNoEntry() {
    Node node = leader();
    CompletableFuture<Outcome<String>> answer =
        node.store().submit(Submission.of(draft -> draft.accept("same"), "tester", "nothing"));
    assertEquals(new Outcome.Committed<>("same", 1), Rig.await(answer));
    assertEquals(1, sequence.batches().size());
  }

  @Test
  void aFullQueueRefuses() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    node.create("blocker");
    byte[] held = node.log().heldEntry();
    List<CompletableFuture<Outcome<ProjectId>>> queued = new ArrayList<>();
    for (int i = 0; i < Store.MAX_QUEUED; i++) {
      queued.add(node.create("p" + i));
    }
    unavailable(node.create("one-too-many"));
    sequence.commit(held);
    queued.forEach(StoreTest::committed);
  }

  @Test
  void aCommandThatIsTooLargeIsRefused() {
    Node node = leader();
    String name = "x".repeat(1 << 20);
    Command<String> large =
        draft -> {
          for (int i = 0; i < 4; i++) {
            Project project = Rig.project("p" + i);
            draft.put(
                new Project(
                    project.id(),
                    draft.created(name, project.id(), java.util.Map.of()),
                    project.quotas()));
          }
          return draft.accept("done");
        };
    Problem problem = rejected(node.store().submit(Submission.of(large, "tester", "large")));
    assertTrue(problem.detail().contains("split it"), problem.detail());
    committed(node.create("small"));
  }

  @Test
  void followersHearEverythingInOrderAndLateOnesHearAllAtOnce() {
    Node node = leader();
    List<Image.Applied> early = new CopyOnWriteArrayList<>();
    node.store().follow(early::add);
    committed(node.create("a"));
    committed(node.create("b"));
    List<Image.Applied> late = new CopyOnWriteArrayList<>();
    node.store().follow(late::add);
    committed(node.create("c"));
    settle(node);
    assertEquals(List.of(1L, 2L, 3L, 4L), early.stream().map(a -> a.image().revision()).toList());
    assertEquals(List.of(3L, 4L), late.stream().map(a -> a.image().revision()).toList());
    assertEquals(5, late.getFirst().delta().changes().size());
    Change last = late.getLast().delta().changes().getFirst();
    assertEquals(new Change(new ProjectId("c"), null, Rig.project("c")), last);
  }

  @Test
  void aRevisionCanBeAwaitedAndGivenUp() {
    Node node = leader();
    CompletableFuture<Image> third = node.store().awaitRevision(3);
    CompletableFuture<Image> never = node.store().awaitRevision(1_000);
    assertTrue(never.cancel(false));
    committed(node.create("a"));
    assertFalse(third.isDone());
    committed(node.create("b"));
    assertEquals(3, Rig.await(third).revision());
  }

  @Test
  void anEntryOfANewerBuildStopsTheNodeLoudly() throws InterruptedException {
    Node node = leader();
    sequence.commit(
        """
        {"id":"x","base":1,"at":"2026-01-01T00:00:00Z","entries":[{"author":"a","summary":"s",
        "request":"r","facts":[{"put":"quantum-port","row":{}}]}]}
        """
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    settle(node);
    assertInstanceOf(UnreadableException.class, stopped.get());
    assertTrue(stopped.get().getMessage().contains("quantum-port"));
    unavailable(node.create("late"));
    assertTrue(node.store().status().failed());
    node.log().reader().apply(new byte[0]);
    assertThrows(
        IOException.class,
        () -> node.log().reader().writeSnapshot(new java.io.ByteArrayOutputStream()));
  }

  @Test
  void aLogThatFailsStopsTheNodeAndWhatIsInFlightIsUnknown() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = node.create("a");
    node.log().heldEntry();
    CompletableFuture<Outcome<ProjectId>> queued = node.create("b");
    node.log().fail(new IOException("disk on fire"));
    unavailable(queued);
    assertInstanceOf(OutcomeUnknownException.class, failure(inFlight));
    settle(node);
    assertNotNull(stopped.get());
  }

  @Test
  void aLogThatEndsBeforeTheHistoryHasLostSomething() {
    History ahead =
        new RememberedHistory() {
          @Override
          public long last() {
            return 5;
          }
        };
    Node node = node("n1", ahead);
    node.log().lead(1);
    settle(node);
    assertTrue(stopped.get().getMessage().contains("the history at 5"), stopped.get().getMessage());
  }

  @Test
  void closingAnswersEverything() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = node.create("a");
    byte[] held = node.log().heldEntry();
    CompletableFuture<Outcome<ProjectId>> queued = node.create("b");
    CompletableFuture<Void> closed = CompletableFuture.runAsync(node.store()::close);
    unavailable(queued);
    sequence.commit(held);
    committed(inFlight);
    Rig.await(closed);
    unavailable(node.create("c"));
  }
}

package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.IdempotentReply;
import io.heddle.core.model.NumberSpace;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.ScriptedLog.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Requests that may be sent again.
class RepliesTest extends StoreFixture {

  private static Submission<ProjectId> repeatable(String key, String project) {
    return new Submission<>(
        Rig.create(project),
        "tester",
        "create " + project,
        new Submission.Repeatable<>(
            new ProjectId("acme"), key, "hash of " + project, result -> "created " + result));
  }

  @Test
  void aRepetitionIsToldTheSameAndChangesNothing() {
    Node node = leader();
    assertEquals(2, committed(node.store().submit(repeatable("k1", "a"))).revision());
    committed(node.create("b"));
    assertEquals(
        new Outcome.Replayed<ProjectId>("created a", 2),
        Rig.await(node.store().submit(repeatable("k1", "a"))));
    assertEquals(3, node.store().image().revision());
  }

  @Test
  void aKeyOfAnotherRequestIsAConflictThatNamesIt() {
    Node node = leader();
    committed(node.store().submit(repeatable("k1", "a")));
    Problem problem = rejected(node.store().submit(repeatable("k1", "b")));
    assertEquals(Problem.Type.CONFLICT, problem.type());
    assertTrue(problem.detail().contains("'k1'"), problem.detail());
  }

  @Test
  void aRepetitionInTheSameBatchWaitsForIt() {
    Node node = leader();
    node.log().next(Fate.HOLD, Fate.HOLD);
    node.create("blocker");
    byte[] blocker = node.log().heldEntry();
    CompletableFuture<Outcome<ProjectId>> first = node.store().submit(repeatable("k1", "a"));
    CompletableFuture<Outcome<ProjectId>> second = node.store().submit(repeatable("k1", "a"));
    sequence.commit(blocker);
    byte[] held = node.log().heldEntry();
    assertFalse(first.isDone() || second.isDone());
    sequence.commit(held);
    assertEquals(3, committed(first).revision());
    assertEquals(new Outcome.Replayed<ProjectId>("created a", 3), Rig.await(second));
  }

  @Test
  void aRefusalIsNotRemembered() {
    Node node = leader();
    committed(node.create("a"));
    rejected(node.store().submit(repeatable("k1", "a")));
    committed(node.store().submit(repeatable("k1", "b")));
  }

  @Test
  void aRepetitionAfterAChangeOfLeadersIsRecognised() {
    Node first = leader();
    Node second = node("n2");
    committed(first.store().submit(repeatable("k1", "a")));
    first.log().follow();
    second.log().lead(2);
    Rig.await(second.store().awaitLeading());
    assertInstanceOf(
        Outcome.Replayed.class, Rig.await(second.store().submit(repeatable("k1", "a"))));
  }

  @Test
  void repliesAreForgottenAfterADay() {
    Node node = leader();
    committed(node.store().submit(repeatable("k1", "a")));
    now = now.plus(Replies.KEPT_FOR).plus(Duration.ofSeconds(1));
    committed(node.store().submit(repeatable("k2", "b")));
    Image image = node.store().image();
    assertEquals(1, image.count(IdempotentReply.KIND));
    assertEquals("k2", image.all(IdempotentReply.KIND).iterator().next().id().key());
  }

  @Test
  void noMoreThanSoManyAreKept() {
    List<Fact> facts = new ArrayList<>();
    for (int i = 1; i <= Replies.MAX_KEPT; i++) {
      facts.add(Fact.put(reply("k" + i, i)));
    }
    facts.add(
        Fact.put(new NumberSpace(new NumberSpace.Id("idempotent-reply"), Replies.MAX_KEPT + 1L)));
    Image full = Image.of(1, facts);
    Draft draft = new Draft(full, 2, Rig.START);
    Replies.keep(draft, repeatable("new", "a").repeatable(), new ProjectId("a"));
    assertEquals(Replies.MAX_KEPT, draft.image().count(IdempotentReply.KIND));
    assertTrue(draft.find(new IdempotentReply.Id(new ProjectId("acme"), "k1")).isEmpty());
    assertTrue(draft.find(new IdempotentReply.Id(new ProjectId("acme"), "new")).isPresent());
  }

  private static IdempotentReply reply(String key, long sequence) {
    return new IdempotentReply(
        new IdempotentReply.Id(new ProjectId("acme"), key), "h", "r", 1, Rig.START, sequence);
  }
}

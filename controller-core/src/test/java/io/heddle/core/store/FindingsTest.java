package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.heddle.core.model.ProjectId;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Answers that change nothing. Found by the simulation: a leader that was deposed, and did not
/// know it yet, read what had been replaced, and refused because of it.
class FindingsTest extends StoreFixture {

  private Node node;

  @BeforeEach
  void nobodyConfirmsThatTheNodeLeads() {
    node = leader();
    committed(node.create("a"));
    node.log().silent();
  }

  private CompletableFuture<Outcome<String>> read() {
    return node.store()
        .submit(Submission.of(draft -> draft.accept("" + draft.revision()), "tester", "read"));
  }

  @Test
  void aRefusalIsToldWhenAMajorityHasConfirmedThatTheNodeLeads() {
    CompletableFuture<Outcome<ProjectId>> again = node.create("a");
    CompletableFuture<Void> question = node.log().question();
    assertFalse(again.isDone());
    question.complete(null);
    assertEquals(Problem.Type.CONFLICT, rejected(again).type());
  }

  @Test
  void whatIsFoundMeanwhileWaitsForTheNextQuestion() {
    CompletableFuture<Outcome<String>> first = read();
    CompletableFuture<Void> question = node.log().question();
    CompletableFuture<Outcome<String>> second = read();
    settle(node);
    question.complete(null);
    assertEquals(2, committed(first).revision());
    CompletableFuture<Void> next = node.log().question();
    assertFalse(second.isDone());
    next.complete(null);
    assertEquals(2, committed(second).revision());
  }

  @Test
  void whatADeposedLeaderFoundIsNotTold() {
    CompletableFuture<Outcome<ProjectId>> again = node.create("a");
    CompletableFuture<Void> question = node.log().question();
    node.log().follow();
    notLeading(again);
    question.complete(null);
    settle(node);
  }

  /// The answer to a question of an earlier leadership says nothing of this one.
  @Test
  void aLateAnswerConfirmsNothing() {
    CompletableFuture<Outcome<String>> earlier = read();
    CompletableFuture<Void> late = node.log().question();
    node.log().follow();
    notLeading(earlier);
    node.log().lead(2);
    Rig.await(node.store().awaitLeading());
    CompletableFuture<Outcome<String>> now = read();
    CompletableFuture<Void> question = node.log().question();
    late.complete(null);
    settle(node);
    assertFalse(now.isDone());
    question.complete(null);
    assertEquals(3, committed(now).revision());
  }

  @Test
  void theLogIsAskedAgainUntilItAnswers() {
    CompletableFuture<Outcome<String>> read = read();
    node.log().question().completeExceptionally(new IOException("timeout"));
    CompletableFuture<Void> second = node.log().question();
    assertFalse(read.isDone());
    second.complete(null);
    committed(read);
  }

  @Test
  void whoMayNotAskDoesNotLead() {
    CompletableFuture<Outcome<String>> read = read();
    node.log().question().completeExceptionally(new Log.NotLeader("another node leads"));
    notLeading(read);
    notLeading(node.create("b"));
  }
}

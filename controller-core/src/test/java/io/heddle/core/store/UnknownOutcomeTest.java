package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Leadership;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.ScriptedLog.Fate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Appends that are duplicated, late, lost, or that nobody answers: no submission is told that it
/// failed when it was committed, and none is applied twice.
class UnknownOutcomeTest extends StoreFixture {

  @Test
  void aBatchThatCameTwiceIsAppliedOnce() {
    Node node = leader();
    node.log().next(Fate.COMMIT_TWICE);
    assertEquals(2, committed(node.create("a")).revision());
    assertEquals(3, committed(node.create("b")).revision());
    assertEquals(4, sequence.batches().size());
  }

  @Test
  void aCommitThatNobodyToldOfIsSeenInTheLog() {
    Node node = leader();
    node.log().next(Fate.COMMIT_UNTOLD);
    assertEquals(2, committed(node.create("a")).revision());
    assertEquals(3, committed(node.create("b")).revision());
  }

  @Test
  void aLostAppendIsMadeAgain() {
    Node node = leader();
    node.log().next(Fate.LOSE, Fate.LOSE);
    assertEquals(2, committed(node.create("a")).revision());
    assertEquals(2, sequence.batches().size());
  }

  @Test
  void aLateAppendOfWhatWasMadeAgainIsDiscarded() {
    Node node = leader();
    node.log().next(Fate.HOLD_UNTOLD);
    CompletableFuture<Outcome<ProjectId>> answer = node.create("a");
    byte[] late = node.log().heldEntry();
    assertEquals(2, committed(answer).revision());
    sequence.commit(late);
    assertEquals(3, committed(node.create("b")).revision());
  }

  @Test
  void whatWasDecidedOnAnOldBaseIsDecidedAgain() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> mine = node.create("a");
    byte[] held = node.log().heldEntry();
    commitFromElsewhere(1, "theirs");
    assertEquals(3, committed(mine).revision());
    sequence.commit(held);
    assertEquals(4, committed(node.create("b")).revision());
  }

  @Test
  void aSecondDecisionMaySayNo() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> mine = node.create("a");
    node.log().heldEntry();
    commitFromElsewhere(1, "a");
    assertEquals(Problem.Type.CONFLICT, rejected(mine).type());
  }

  @Test
  void whoeverMayNotAppendSaysSo() {
    Node node = leader();
    node.log().next(Fate.REFUSE);
    notLeading(node.create("a"));
    notLeading(node.create("b"));
    node.log().lead(2);
    Rig.await(node.store().awaitLeading());
    committed(node.create("a"));
  }

  @Test
  void aFormerLeaderWaitsForTheFateOfItsBatch() {
    Node node = leader();
    node.log().next(Fate.HOLD_UNTOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = node.create("a");
    byte[] held = node.log().heldEntry();
    CompletableFuture<Outcome<ProjectId>> queued = node.create("b");
    node.log().follow();
    notLeading(queued);
    assertFalse(inFlight.isDone());
    sequence.commit(held);
    assertEquals(2, committed(inFlight).revision());
  }

  @Test
  void aFormerLeaderLearnsThatItsBatchIsDead() {
    Node node = leader();
    node.log().next(Fate.HOLD_UNTOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = node.create("a");
    byte[] held = node.log().heldEntry();
    node.log().follow();
    commitFromElsewhere(1, "theirs");
    notLeading(inFlight);
    sequence.commit(held);
    settle(node);
    assertTrue(node.store().image().find(new ProjectId("a")).isEmpty());
  }

  @Test
  void aLeaderOfALaterTermFindsItsOldBatchCommittedFirst() {
    Node node = leader();
    node.log().next(Fate.HOLD_UNTOLD, Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = node.create("a");
    byte[] old = node.log().heldEntry();
    node.log().follow();
    node.log().lead(2);
    byte[] opening = node.log().heldEntry();
    sequence.commit(old);
    sequence.commit(opening);
    assertEquals(2, committed(inFlight).revision());
    assertEquals(2, Rig.await(node.store().awaitLeading()));
    assertEquals(3, node.store().image().revision());
    assertEquals((1L << 32) + 2, node.store().image().require(ClusterView.ID).epoch());
  }

  @Test
  void aLeaderOfALaterTermDoesNotDecideItsOldBatchAgain() {
    Node node = leader();
    node.log().next(Fate.HOLD_UNTOLD, Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = node.create("a");
    byte[] old = node.log().heldEntry();
    node.log().follow();
    node.log().lead(2);
    byte[] opening = node.log().heldEntry();
    sequence.commit(opening);
    sequence.commit(old);
    notLeading(inFlight);
    assertEquals(2, Rig.await(node.store().awaitLeading()));
    settle(node);
    assertTrue(node.store().image().find(new ProjectId("a")).isEmpty());
  }

  /// The log may let a node append again, in a later term, before its store has heard that it led
  /// no more: by then, whoever relayed a request here has read in the log that it is dead.
  @Test
  void whoSeesALaterLeaderInTheLogDecidesNothingMore() {
    Node node = leader();
    commitFromElsewhere(1, new Leadership(2, "n2"));
    settle(node);
    notLeading(node.create("a"));
    node.log().lead(3);
    assertEquals(3, Rig.await(node.store().awaitLeading()));
    committed(node.create("a"));
  }

  @Test
  void whatALaterLeaderOvertookIsNotDecidedAgain() {
    Node node = leader();
    node.log().next(Fate.HOLD);
    CompletableFuture<Outcome<ProjectId>> mine = node.create("a");
    node.log().heldEntry();
    CompletableFuture<Outcome<ProjectId>> queued = node.create("b");
    commitFromElsewhere(1, new Leadership(2, "n2"));
    notLeading(mine);
    notLeading(queued);
    assertEquals(2, sequence.batches().size());
  }

  /// Found by the simulation: a leadership of term 2 was opened after that of term 3.
  @Test
  void aLeadershipThatALaterOneOvertookIsNotOpened() {
    Node node = node("n1");
    node.log().next(Fate.HOLD);
    node.log().lead(2);
    node.log().heldEntry();
    commitFromElsewhere(0, new Leadership(3, "n2"));
    settle(node);
    assertEquals(1, sequence.batches().size());
    notLeading(node.create("a"));
  }

  @Test
  void aSnapshotTellsWhetherABatchWasCommitted() throws IOException {
    Node cutOff = leader();
    Node other = node("n2");
    cutOff.log().next(Fate.HOLD_UNTOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = cutOff.create("a");
    byte[] held = cutOff.log().heldEntry();
    cutOff.log().cutOff();
    cutOff.log().follow();
    sequence.commit(held);
    commitFromElsewhere(2, "theirs");
    Rig.await(other.store().awaitRevision(3));
    cutOff.log().reconnectWith(snapshotOf(other));
    assertEquals(2, committed(inFlight).revision());
    assertEquals(3, Rig.await(cutOff.store().awaitRevision(3)).revision());
  }

  @Test
  void aSnapshotTellsThatABatchIsDead() throws IOException {
    Node cutOff = leader();
    Node other = node("n2");
    cutOff.log().next(Fate.HOLD_UNTOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = cutOff.create("a");
    cutOff.log().heldEntry();
    cutOff.log().cutOff();
    cutOff.log().follow();
    commitFromElsewhere(1, "theirs");
    Rig.await(other.store().awaitRevision(2));
    cutOff.log().reconnectWith(snapshotOf(other));
    notLeading(inFlight);
  }

  @Test
  void aSnapshotThatIsTooFarAheadLeavesTheOutcomeUnknown() throws IOException {
    Node cutOff = leader();
    Node other = node("n2");
    cutOff.log().next(Fate.HOLD_UNTOLD);
    CompletableFuture<Outcome<ProjectId>> inFlight = cutOff.create("a");
    cutOff.log().heldEntry();
    cutOff.log().cutOff();
    cutOff.log().follow();
    for (int i = 0; i <= Snapshot.RECENT_BATCHES; i++) {
      commitFromElsewhere(1 + i, "theirs" + i);
    }
    Rig.await(other.store().awaitRevision(2 + Snapshot.RECENT_BATCHES));
    cutOff.log().reconnectWith(snapshotOf(other));
    assertInstanceOf(OutcomeUnknownException.class, failure(inFlight));
  }

  private static byte[] snapshotOf(Node node) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    node.log().reader().writeSnapshot(out);
    return out.toByteArray();
  }
}

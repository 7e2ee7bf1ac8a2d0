package io.heddle.openflow.session;

import static io.heddle.openflow.session.Controller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.openflow.Await;
import io.heddle.openflow.codec.FlowMod;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which words a switch hears from a node, one by one, when claims and their answers cross.
final class ClaimTest {

  private static final long DATAPATH = 0x4ebb28330a46L;

  private final Controller node = new Controller(new Claim.Hold());

  @AfterEach
  void stop() {
    node.close();
  }

  private ScriptedSwitch connect() throws IOException {
    ScriptedSwitch peer = new ScriptedSwitch(node).introduced();
    node.events.awaitAttachment();
    return peer;
  }

  private BundleContent oneFlow() {
    return BundleContent.of(
        node.encode(List.of(new FlowMod.Add(new Flow(0, 1, Match.ANY, List.of()), 1))));
  }

  @Test
  void whoHoldsSaysNothingButThatItLives() throws IOException {
    try (ScriptedSwitch peer = connect()) {
      node.server.reclaimAll();
      peer.hearOnlyAnEcho();
      node.say(new Claim.Standby(3));
      assertEquals("3@3", peer.hear(ScriptedSwitch.ROLE_REQUEST).role());
    }
  }

  @Test
  void aStandbySaysNothingButItsClaims() throws IOException {
    node.say(new Claim.Standby(3));
    try (ScriptedSwitch peer = connect()) {
      peer.grant(peer.hear(ScriptedSwitch.ROLE_REQUEST));
      peer.hearOnlyAnEcho();
      node.say(new Claim.Standby(3));
      peer.hearOnlyAnEcho();
      node.say(new Claim.Standby(4));
      var claim = peer.hear(ScriptedSwitch.ROLE_REQUEST);
      assertEquals("3@4", claim.role());
      peer.grant(claim);
      peer.hearOnlyAnEcho();
    }
  }

  @Test
  void whatChangesDuringAClaimIsClaimedAfterItsAnswer() throws IOException {
    node.say(new Claim.Master(3));
    try (ScriptedSwitch peer = connect()) {
      var first = peer.hear(ScriptedSwitch.ROLE_REQUEST);
      node.say(new Claim.Standby(4));
      node.say(new Claim.Master(5));
      peer.hearOnlyAnEcho();
      peer.grant(first);
      var second = peer.hear(ScriptedSwitch.ROLE_REQUEST);
      assertEquals("2@5", second.role());
      peer.hearOnlyAnEcho();
      peer.grant(second);
      peer.endSetup();
      assertEquals(5, node.events.awaitReady().epoch());
    }
  }

  @Test
  void aMasterWritesNothingBetweenItsNewClaimAndTheAnswer() throws IOException {
    node.say(new Claim.Master(3));
    try (ScriptedSwitch peer = connect()) {
      peer.grantMastership();
      SwitchSession session = node.events.awaitReady();
      node.say(new Claim.Master(4));
      var claim = peer.hear(ScriptedSwitch.ROLE_REQUEST);
      CompletableFuture<BundleResult> bundle = session.bundle(oneFlow());
      CompletableFuture<Void> barrier = session.barrier();
      peer.hearOnlyAnEcho();
      peer.grant(claim);
      peer.hear(ScriptedSwitch.BUNDLE_CONTROL);
      assertFalse(bundle.isDone() || barrier.isDone());
      assertEquals(4, session.epoch());
    }
  }

  @Test
  void aMasterThatIsToldToStandByFallsSilentAtOnce() throws IOException {
    node.say(new Claim.Master(3));
    try (ScriptedSwitch peer = connect()) {
      peer.grantMastership();
      SwitchSession session = node.events.awaitReady();
      CompletableFuture<Void> barrier = session.barrier();
      var asked = peer.hear(ScriptedSwitch.BARRIER);
      node.say(new Claim.Standby(4));
      assertEquals("another node is its master, epoch 4", node.events.awaitClosed());
      assertThrows(SessionClosedException.class, () -> await(barrier));
      assertThrows(SessionClosedException.class, () -> await(session.bundle(oneFlow())));
      session.close("whoever held it has not heard of its end");
      var claim = peer.hear(ScriptedSwitch.ROLE_REQUEST);
      assertEquals("3@4", claim.role());
      peer.say("05150008%08x".formatted(asked.xid()));
      peer.grant(claim);
      peer.hearOnlyAnEcho();
      assertEquals(0, node.events.attachments(), "the connection stays");
    }
  }

  @Test
  void aRefusalAsSlaveEndsTheSessionAndIsNotAnsweredWithAClaim() throws IOException {
    node.say(new Claim.Master(3));
    try (ScriptedSwitch peer = connect()) {
      peer.grantMastership();
      SwitchSession session = node.events.awaitReady();
      CompletableFuture<BundleResult> bundle = session.bundle(oneFlow());
      peer.refuseAsSlave(peer.hear(ScriptedSwitch.BUNDLE_CONTROL));
      assertEquals("the switch obeys another master", node.events.awaitClosed());
      assertThrows(SessionClosedException.class, () -> await(bundle));
      peer.refuseAsSlave(peer.hearUpTo(ScriptedSwitch.BARRIER));
      peer.hearOnlyAnEcho();
      node.say(new Claim.Master(4));
      var claim = peer.hear(ScriptedSwitch.ROLE_REQUEST);
      peer.grant(claim);
      assertEquals(6, peer.hear(ScriptedSwitch.BUNDLE_CONTROL).body().getShort(4), "discarded");
      peer.endSetup();
      assertEquals(4, node.events.awaitReady().epoch());
    }
  }

  @Test
  void aMasterThatLosesTheSwitchDuringItsSetupBeginsAnew() throws IOException {
    node.say(new Claim.Master(3));
    try (ScriptedSwitch peer = connect()) {
      peer.grant(peer.hear(ScriptedSwitch.ROLE_REQUEST));
      var last = peer.hearUpTo(ScriptedSwitch.BARRIER);
      peer.say("051e00180000000000000003000000000000000000000007");
      peer.say("05150008%08x".formatted(last.xid()));
      peer.hearOnlyAnEcho();
      node.say(new Claim.Master(8));
      peer.grantMastership();
      assertEquals(8, node.events.awaitReady().epoch());
      assertEquals(0, node.events.closedSessions());
    }
  }

  @Test
  void anAnswerOfAnotherRoleEndsTheConnection() throws IOException {
    node.say(new Claim.Master(3));
    try (ScriptedSwitch peer = connect()) {
      var claim = peer.hear(ScriptedSwitch.ROLE_REQUEST);
      peer.say("05190018%08x00000003000000000000000000000003".formatted(claim.xid()));
      node.events.awaitAttachment();
      assertEquals(0, node.events.readySessions());
    }
  }

  @Test
  void theNewerOfTwoConnectionsStays() throws IOException {
    node.say(new Claim.Standby(3));
    try (ScriptedSwitch first = connect()) {
      first.grant(first.hear(ScriptedSwitch.ROLE_REQUEST));
      try (ScriptedSwitch second = new ScriptedSwitch(node).introduced()) {
        second.grant(second.hear(ScriptedSwitch.ROLE_REQUEST));
        Await.until("the former is closed", first::isClosed);
        second.hearOnlyAnEcho();
        assertEquals(0, node.events.attachments(), "it was connected all the time");
      }
      assertEquals("detached %016x".formatted(DATAPATH), node.events.awaitAttachment());
    }
  }
}

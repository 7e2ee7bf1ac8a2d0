package io.heddle.openflow.session;

import static io.heddle.openflow.session.Controller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.openflow.Await;
import io.heddle.openflow.RealOvs;
import io.heddle.openflow.codec.FlowMod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Three nodes and one real Open vSwitch: who is its master, and what the others may do.
final class RolesTest {

  private static final String PACKET =
      "in_port(1),eth(src=50:54:00:00:00:09,dst=50:54:00:00:00:0a),eth_type(0x0800),"
          + "ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,ttl=64,frag=no),udp(src=8,dst=9)";

  private static RealOvs ovs;

  private final Controller n1 = new Controller(new Claim.Master(1));
  private final Controller n2 = new Controller(new Claim.Standby(1));
  private final Controller n3 = new Controller(new Claim.Hold());
  private SwitchSession first;

  @BeforeAll
  static void start() {
    ovs = RealOvs.start();
  }

  @AfterAll
  static void stop() {
    ovs.close();
  }

  @BeforeEach
  void connect() {
    ovs.addBridge("br");
    ovs.addPort("br", "p1", 1);
    ovs.vsctl("set-controller", "br", n1.target(), n2.target(), n3.target());
    first = n1.events.awaitReady();
    for (Controller node : List.of(n1, n2, n3)) {
      assertEquals("attached " + id(), node.events.awaitAttachment());
    }
    awaitGranted(n1, new Claim.Master(1));
    awaitGranted(n2, new Claim.Standby(1));
    awaitGranted(n3, new Claim.Hold());
  }

  @AfterEach
  void disconnect() {
    ovs.vsctl("del-br", "br");
    List.of(n1, n2, n3).forEach(Controller::close);
  }

  private String id() {
    return ovs.vsctl("get", "bridge", "br", "datapath_id").strip().replace("\"", "");
  }

  private void awaitGranted(Controller node, Claim claim) {
    Await.until(
        claim.toString(), () -> node.server.granted(first.datapathId()).equals(Optional.of(claim)));
  }

  private static FlowMod add(long cookie, Action... actions) {
    return new FlowMod.Add(new Flow(0, (int) cookie, Match.ANY, List.of(actions)), cookie);
  }

  private String flows() {
    return ovs.ofctl("dump-flows", "br");
  }

  @Test
  void aStandbyIsPromotedAndTheMasterDemotedInPlace() {
    n1.say(new Claim.Standby(2));
    n2.say(new Claim.Master(2));
    SwitchSession second = n2.events.awaitReady();
    assertEquals(2, second.epoch());
    assertTrue(
        Set.of("another node is its master, epoch 2", "somebody else claimed the switch, epoch 2")
            .contains(n1.events.awaitClosed()));
    assertEquals(new BundleResult.Committed(), n2.commit(second, List.of(add(22))));
    awaitGranted(n1, new Claim.Standby(2));
    assertThrows(SessionClosedException.class, () -> await(first.barrier()));

    n2.say(new Claim.Standby(3));
    n1.say(new Claim.Master(3));
    SwitchSession again = n1.events.awaitReady();
    assertEquals(3, again.epoch());
    assertEquals(new BundleResult.Committed(), n1.commit(again, List.of(add(33))));
    assertTrue(flows().contains("cookie=0x16") && flows().contains("cookie=0x21"), flows());
    for (Controller node : List.of(n1, n2, n3)) {
      assertEquals(0, node.events.attachments(), "every connection stayed");
      assertEquals(Set.of(first.datapathId()), node.server.connected());
    }
  }

  @Test
  void aLaterEpochKeepsTheSession() {
    CompletableFuture<BundleResult> around =
        first.bundle(BundleContent.of(n1.encode(List.of(add(11)))));
    n1.say(new Claim.Master(4));
    n2.say(new Claim.Standby(4));
    assertEquals(new BundleResult.Committed(), await(around));
    Await.until("epoch 4", () -> first.epoch() == 4);
    assertEquals(new BundleResult.Committed(), n1.commit(first, List.of(add(12))));
    assertEquals(0, n1.events.closedSessions());
    assertEquals(0, n1.events.readySessions());
    awaitGranted(n2, new Claim.Standby(4));
  }

  @Test
  void onlyTheMasterHearsOfPackets() {
    n3.say(new Claim.Standby(1));
    awaitGranted(n3, new Claim.Standby(1));
    n1.commit(first, List.of(add(1, new Action.Controller(0xffff, List.of((byte) 1), 0))));
    ovs.appctl("netdev-dummy/receive", "p1", PACKET);
    assertEquals(1, n1.events.awaitPacket().cookie());

    n1.say(new Claim.Standby(2));
    n2.say(new Claim.Master(2));
    await(n2.events.awaitReady().barrier());
    awaitGranted(n1, new Claim.Standby(2));
    ovs.appctl("netdev-dummy/receive", "p1", PACKET);
    assertEquals(1, n2.events.awaitPacket().cookie());
    assertEquals(0, n1.events.packets() + n2.events.packets() + n3.events.packets());
  }

  /// The switch stands still while n1's bundle and n2's claim arrive; it takes some fifty messages
  /// of one controller at a time, so the claim comes into the middle of the bundle.
  private CompletableFuture<BundleResult> deposeInTheMiddleOfABundle(long epoch) {
    List<FlowMod> mods = new ArrayList<>();
    for (int i = 100; i < 5_000; i++) {
      mods.add(add(i));
    }
    ovs.freezeSwitch();
    CompletableFuture<BundleResult> bundle = first.bundle(BundleContent.of(n1.encode(mods)));
    n2.say(new Claim.Master(epoch));
    ovs.resumeSwitch();
    return bundle;
  }

  @Test
  void aDeposedMasterChangesNothingAndDoesNotFight() {
    n1.commit(first, List.of(add(1)));
    CompletableFuture<BundleResult> bundle = deposeInTheMiddleOfABundle(2);
    SwitchSession second = n2.events.awaitReady();
    assertThrows(SessionClosedException.class, () -> await(bundle));
    assertEquals("somebody else claimed the switch, epoch 2", n1.events.awaitClosed());
    assertEquals(new BundleResult.Committed(), n2.commit(second, List.of(add(2))));
    assertEquals(2, flows().lines().filter(line -> line.contains("cookie")).count(), flows());
    awaitGranted(n1, new Claim.Hold());
    assertEquals(0, n1.events.readySessions(), "it does not claim the switch back");
    assertEquals(0, n2.events.closedSessions());
    assertEquals(0, n1.events.attachments(), "it stays connected");

    n1.server.reclaim(first.datapathId());
    assertEquals(Map.entry(first.datapathId(), 2L), n1.events.awaitStale());
    await(second.barrier());
  }

  @Test
  void aBundleThatWasCutOffDoesNotHauntTheNextSession() {
    CompletableFuture<BundleResult> bundle = deposeInTheMiddleOfABundle(2);
    assertThrows(SessionClosedException.class, () -> await(bundle));
    n2.events.awaitReady();
    n2.say(new Claim.Standby(3));
    n1.say(new Claim.Master(3));
    SwitchSession again = n1.events.awaitReady();
    assertEquals(new BundleResult.Committed(), n1.commit(again, List.of(add(7))));
    assertEquals(1, flows().lines().filter(line -> line.contains("cookie")).count(), flows());
  }

  @Test
  void aStandbyTeachesTheEpochAndAMasterWithAnOlderOneIsSilent() {
    long taught = 1_000_000;
    n2.say(new Claim.Standby(taught));
    long epoch = 2;
    while (n1.claimsAndCommits(first, new Claim.Master(epoch), List.of(add(epoch)))) {
      epoch++;
    }
    assertEquals(Map.entry(first.datapathId(), taught), n1.events.awaitStale());
    assertEquals(
        "epoch %d is stale, the switch has seen %d".formatted(epoch, taught),
        n1.events.awaitClosed());
    assertFalse(flows().contains("cookie=0x%x,".formatted(epoch)), flows());
    assertEquals("detached " + id(), n1.events.awaitAttachment());
    assertEquals("attached " + id(), n1.events.awaitAttachment());
    n1.say(new Claim.Master(taught + 1));
    assertEquals(taught + 1, n1.events.awaitReady().epoch());
  }

  @Test
  void aStandbyOfAnOlderEpochIsStaleToo() {
    n1.say(new Claim.Master(9));
    Await.until("epoch 9", () -> first.epoch() == 9);
    n2.say(new Claim.Standby(8));
    assertEquals(Map.entry(first.datapathId(), 9L), n2.events.awaitStale());
    n2.say(new Claim.Standby(9));
    awaitGranted(n2, new Claim.Standby(9));
    assertEquals(0, n2.events.closedSessions());
  }

  @Test
  void whoHoldsStaysWhatItIs() {
    n1.say(new Claim.Hold());
    n2.say(new Claim.Hold());
    await(first.barrier());
    assertEquals(new BundleResult.Committed(), n1.commit(first, List.of(add(1))));
    awaitGranted(n1, new Claim.Master(1));
    awaitGranted(n2, new Claim.Standby(1));
    n3.say(new Claim.Master(2));
    SwitchSession third = n3.events.awaitReady();
    assertEquals(2, third.epoch());
    assertEquals("somebody else claimed the switch, epoch 2", n1.events.awaitClosed());
    n1.server.reclaimAll();
    awaitGranted(n1, new Claim.Hold());
    await(third.barrier());
  }

  @Test
  void aSwitchThatGoesIsDetachedFromEveryNode() {
    String id = id();
    ovs.vsctl("del-controller", "br");
    for (Controller node : List.of(n1, n2, n3)) {
      assertEquals("detached " + id, node.events.awaitAttachment());
      assertEquals(Set.of(), node.server.connected());
    }
    n1.events.awaitClosed();
  }
}

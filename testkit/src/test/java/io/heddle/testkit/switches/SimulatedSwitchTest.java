package io.heddle.testkit.switches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.MacAddress;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.Encoded;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowModEncoder;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.BundleContent;
import io.heddle.openflow.session.BundleResult;
import io.heddle.openflow.session.Claim;
import io.heddle.openflow.session.SessionClosedException;
import io.heddle.openflow.session.SwitchEvents;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.testkit.lab.Await;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Simulated switches as the real southbound finds them.
class SimulatedSwitchTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SWITCHES = 50;
  private static final int FLOWS = 200;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final Xids xids = new Xids();
  private final Sessions sessions = new Sessions();
  private volatile long epoch = 5;
  private final SwitchServer server = server(() -> epoch, sessions);
  private final InetSocketAddress address = listen(server);

  private SwitchServer server(LongSupplier claimed, SwitchEvents events) {
    return new SwitchServer(
        new SwitchServer.Settings(_ -> new Claim.Master(claimed.getAsLong()), null, false, 2),
        events,
        xids);
  }

  private static InetSocketAddress listen(SwitchServer server) {
    return server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void stop() {
    server.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /// The sessions that are ready, and what came by them.
  private static final class Sessions implements SwitchEvents {
    final Map<Long, SwitchSession> ready = new ConcurrentHashMap<>();
    final Queue<PacketIn> packets = new ConcurrentLinkedQueue<>();
    final Queue<String> ports = new ConcurrentLinkedQueue<>();
    final Queue<Long> stale = new ConcurrentLinkedQueue<>();

    @Override
    public void attached(long datapathId) {}

    @Override
    public void detached(long datapathId) {}

    @Override
    public void ready(SwitchSession session) {
      ready.put(session.datapathId(), session);
    }

    @Override
    public void closed(SwitchSession session, String why) {
      ready.remove(session.datapathId(), session);
    }

    @Override
    public void stale(long datapathId, long seenEpoch) {
      stale.add(seenEpoch);
    }

    @Override
    public void packetIn(SwitchSession session, PacketIn packet) {
      packets.add(packet);
    }

    @Override
    public void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port) {
      ports.add(change + " " + port.name() + " " + port.ofport());
    }

    @Override
    public void error(SwitchSession session, SwitchError error) {
      throw new AssertionError(error);
    }

    SwitchSession await(long datapathId) {
      Await.until(LIMIT, "session of " + datapathId, () -> ready.containsKey(datapathId));
      return ready.get(datapathId);
    }
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static FlowMod add(int number, long cookie) {
    Match match = Match.IPV4.and(Match.of(Header.IPV4_DST, number));
    return new FlowMod.Add(new Flow(1, 10, match, List.of(new Action.GotoTable(2))), cookie);
  }

  private Encoded adds(int count) {
    List<FlowMod> mods = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mods.add(add(i, i));
    }
    return FlowModEncoder.encode(mods, xids);
  }

  @Test
  void fiftySwitchesTakeTheSameBytes() {
    List<SimulatedSwitch> switches = new ArrayList<>();
    for (long id = 1; id <= SWITCHES; id++) {
      switches.add(SimulatedSwitch.connect(id, address, loops));
    }
    Await.until(LIMIT, "all are ready", () -> sessions.ready.size() == SWITCHES);
    BundleContent content = BundleContent.of(adds(FLOWS));
    List<CompletableFuture<BundleResult>> results =
        sessions.ready.values().stream().map(session -> session.bundle(content)).toList();
    results.forEach(result -> assertEquals(new BundleResult.Committed(), await(result)));
    for (SimulatedSwitch one : switches) {
      assertEquals(new SimulatedSwitch.Counters(FLOWS, 0, 1, content.bytes()), one.counters());
      assertEquals(FLOWS, one.flows().size());
      assertEquals(List.of(), one.violations());
      one.close();
    }
  }

  @Test
  void flowsAreDumpedDeletedAndOutliveAConnection() {
    try (SimulatedSwitch one = SimulatedSwitch.connect(7, address, loops)) {
      await(sessions.await(7).bundle(BundleContent.of(adds(FLOWS))));
      SwitchSession former = sessions.await(7);
      one.reconnect();
      Await.until(LIMIT, "a new session", () -> sessions.await(7) != former);
      SwitchSession session = sessions.await(7);
      List<FlowStat> dump = await(session.dump(SwitchSession.ALL_TABLES, 0, 0));
      assertEquals(FLOWS, dump.size());
      assertEquals(List.of(), await(session.dump(2, 0, 0)));
      assertEquals(2, await(session.dump(1, 0x10, 0xfe)).size());
      Encoded change = FlowModEncoder.encode(List.of(add(0, 900), new FlowMod.Delete(1)), xids);
      await(session.bundle(BundleContent.of(change)));
      assertEquals(FLOWS - 1, one.flows().size());
      assertTrue(one.flows().containsValue(900L));
      assertEquals(1, one.counters().deletes());
    }
  }

  @Test
  void aRefusedFlowIsNamedAndNothingApplies() {
    try (SimulatedSwitch one = SimulatedSwitch.connect(7, address, loops)) {
      SwitchSession session = sessions.await(7);
      Encoded bundle = adds(3);
      for (SimulatedSwitch.RefusedAt when : SimulatedSwitch.RefusedAt.values()) {
        one.refuse(mod -> mod.equals(add(1, 1)), when, 5, 1);
        var refused =
            assertInstanceOf(
                BundleResult.Refused.class, await(session.bundle(BundleContent.of(bundle))));
        assertEquals(add(1, 1), refused.refusals().getFirst().mod());
        assertEquals("OFPFMFC_TABLE_FULL", refused.refusals().getFirst().error().text());
        assertEquals(Map.of(), one.flows());
      }
      one.refuseNothing();
      assertEquals(new BundleResult.Committed(), await(session.bundle(BundleContent.of(bundle))));
    }
  }

  @Test
  void oneThatVanishesInABundleHasNothingOfIt() {
    try (SimulatedSwitch one = SimulatedSwitch.connect(7, address, loops)) {
      one.vanishAfterBundleAdds(10);
      CompletableFuture<BundleResult> result =
          sessions.await(7).bundle(BundleContent.of(adds(FLOWS)));
      var failure = assertThrows(CompletionException.class, () -> await(result));
      assertInstanceOf(SessionClosedException.class, failure.getCause());
      Await.until(LIMIT, "the session ends", sessions.ready::isEmpty);
      assertEquals(Map.of(), one.flows());
      one.comeBack();
      assertEquals(
          new BundleResult.Committed(),
          await(sessions.await(7).bundle(BundleContent.of(adds(FLOWS)))));
    }
  }

  @Test
  void oneThatStallsAnswersLater() {
    try (SimulatedSwitch one = SimulatedSwitch.connect(7, address, loops)) {
      SwitchSession session = sessions.await(7);
      one.stall();
      CompletableFuture<Void> barrier = session.barrier();
      one.goOn();
      await(barrier);
      assertEquals(List.of(), one.violations());
    }
  }

  @Test
  void aLaterClaimDemotesAndAnEarlierOneIsStale() {
    Sessions later = new Sessions();
    try (SwitchServer next = server(() -> 6, later);
        SimulatedSwitch one = SimulatedSwitch.connect(7, address, loops)) {
      SwitchSession first = sessions.await(7);
      one.dial(listen(next));
      later.await(7);
      Await.until(LIMIT, "the first is told", () -> sessions.ready.get(7L) != first);
      server.reclaimAll();
      Await.until(LIMIT, "a stale claim", () -> sessions.stale.contains(6L));
      assertEquals(6, one.epoch());
    }
  }

  @Test
  void whatIsSaidBeforeAClaimIsAnsweredIsNoted() {
    try (SimulatedSwitch one = SimulatedSwitch.connect(7, address, loops)) {
      SwitchSession session = sessions.await(7);
      one.holdAnswersToClaims();
      epoch = 6;
      server.reclaim(7);
      CompletableFuture<BundleResult> bundle = session.bundle(BundleContent.of(adds(3)));
      Await.until(LIMIT, "epoch 6 is claimed", () -> one.epoch() == 6);
      assertEquals(5, session.epoch());
      one.answerClaims();
      assertEquals(new BundleResult.Committed(), await(bundle));
      assertEquals(6, session.epoch());
      assertEquals(List.of(), one.violations());
    }
  }

  @Test
  void aRestartedSwitchHasNothingAndNoEpoch() {
    try (SimulatedSwitch one = SimulatedSwitch.connect(7, address, loops)) {
      SwitchSession former = sessions.await(7);
      await(former.bundle(BundleContent.of(adds(3))));
      epoch = 4;
      one.restart();
      Await.until(LIMIT, "a new session", () -> sessions.await(7).epoch() == 4);
      assertEquals(Map.of(), one.flows());
      assertTrue(sessions.stale.isEmpty());
    }
  }

  @Test
  void portsMetersPacketsAndZones() {
    try (SimulatedSwitch one = SimulatedSwitch.create(7, loops)) {
      one.addPort(1, "p1", MacAddress.parse("0a:00:00:00:00:01"));
      one.dial(address);
      SwitchSession session = sessions.await(7);
      assertEquals(
          List.of(new SwitchPort(1, "p1", MacAddress.parse("0a:00:00:00:00:01"), true)),
          session.ports());
      one.addPort(2, "p2", MacAddress.parse("0a:00:00:00:00:02"));
      one.removePort(1);
      await(session.putMeter(new Meter(3, 10, 5)));
      await(session.putMeter(new Meter(3, 20, 0)));
      assertEquals(List.of(new Meter(3, 20, 0)), await(session.dumpMeters()));
      assertEquals(one.meters(), await(session.dumpMeters()));
      await(session.flushZone(44));
      assertEquals(List.of(44), one.flushedZones());
      Bytes frame = Bytes.copyOf(new byte[] {1, 2, 3});
      PacketIn packet = new PacketIn(4, 5, 2, 6, 1, List.of((byte) 9), 3, frame);
      one.punt(packet);
      Await.until(LIMIT, "the packet", () -> !sessions.packets.isEmpty());
      assertEquals(packet, sessions.packets.peek());
      assertEquals(List.of("ADDED p2 2", "REMOVED p1 1"), List.copyOf(sessions.ports));
      assertTrue(session.packetOut(1, 2, frame));
      await(session.barrier());
      assertEquals(List.of(new SimulatedSwitch.PacketOut(1, 2, frame)), one.packetsOut());
    }
  }
}

package io.heddle.openflow.session;

import static io.heddle.openflow.session.Controller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.pipeline.Registers;
import io.heddle.openflow.RandomFlows;
import io.heddle.openflow.RealOvs;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.codec.PacketIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sessions with a real Open vSwitch.
final class RealSessionTest {

  private static final String PACKET =
      "in_port(1),eth(src=50:54:00:00:00:09,dst=50:54:00:00:00:0a),eth_type(0x0800),"
          + "ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,ttl=64,frag=no),udp(src=8,dst=9)";

  /// Between the last port and the reserved ones: no port can have this number.
  private static final int NO_PORT = 0x1_2345;

  private static RealOvs ovs;

  private final Controller controller = new Controller(5);
  private SwitchSession session;

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
    ovs.addPort("br", "p2", 2);
    session = controller.adopt(ovs, "br");
  }

  @AfterEach
  void disconnect() {
    ovs.vsctl("del-br", "br");
    controller.close();
  }

  @Test
  void flowsSeeThePortsOfFirstFragments() {
    String mode = ovs.ofctl("get-frags", "br");
    assertTrue(mode.contains("nx-match"), mode);
  }

  @Test
  void flowsAreFoundByWhatTheySay() {
    Match ours = Registers.GROUP.is(7);
    List<FlowMod> mods =
        List.of(
            add(7, ours, 1),
            add(7, ours.and(Match.IPV4), 2),
            add(7, Registers.GROUP.is(8), 3),
            add(8, ours, 4));
    assertEquals(new BundleResult.Committed(), controller.commit(session, mods));
    List<FlowStat> found = await(session.dump(new FlowStat.Request(7, 0, 0, ours)));
    assertEquals(Set.of(1L, 2L), found.stream().map(FlowStat::cookie).collect(Collectors.toSet()));
  }

  private static FlowMod add(int table, Match match, long cookie, Action... actions) {
    return new FlowMod.Add(new Flow(table, 100, match, List.of(actions)), cookie);
  }

  private Set<Long> cookies() {
    return await(session.dump(SwitchSession.ALL_TABLES, 0, 0)).stream()
        .map(FlowStat::cookie)
        .collect(Collectors.toSet());
  }

  @Test
  void aReadySessionKnowsTheSwitchAndItsPorts() {
    String id = ovs.vsctl("get", "bridge", "br", "datapath_id").strip().replace("\"", "");
    assertEquals(id, "%016x".formatted(session.datapathId()));
    assertEquals(5, session.epoch());
    assertEquals(
        Set.of("p1=1", "p2=2"),
        session.ports().stream()
            .filter(port -> port.ofport() > 0)
            .map(port -> port.name() + "=" + port.ofport())
            .collect(Collectors.toSet()));
    ovs.addPort("br", "p3", 33);
    controller.events.awaitPort("ADDED p3 33");
    ovs.vsctl("del-port", "br", "p3");
    controller.events.awaitPort("REMOVED p3 33");
  }

  @Test
  void aStaleClaimLearnsTheEpochSeen() {
    try (Controller late = new Controller(4)) {
      ovs.vsctl("set-controller", "br", late.target());
      assertEquals(Map.entry(session.datapathId(), 5L), late.events.awaitStale());
      assertEquals(0, late.events.readySessions());
    }
  }

  @Test
  void aLaterClaimElsewhereEndsTheSession() {
    try (Controller next = new Controller(6)) {
      ovs.vsctl("set-controller", "br", controller.target(), next.target());
      await(next.events.awaitReady().barrier());
      assertTrue(controller.events.awaitClosed().contains("somebody else claimed the switch"));
      assertThrows(SessionClosedException.class, () -> await(session.barrier()));
    }
  }

  @Test
  void aBundleIsAppliedAndDumped() {
    FlowMod first = add(0, Match.inPort(1), 0x48_01L, new Action.Output(2));
    FlowMod second = add(7, Match.IPV4, 0x49_02L, new Action.DecTtl());
    assertEquals(new BundleResult.Committed(), controller.commit(session, List.of(first, second)));
    List<FlowStat> table7 = await(session.dump(7, 0, 0));
    assertEquals(1, table7.size());
    assertEquals(second, new FlowMod.Add(table7.getFirst().flow().orElseThrow(), 0x4902));
    assertEquals(1, await(session.dump(SwitchSession.ALL_TABLES, 0x4800, 0xff00)).size());
    FlowMod better = add(0, Match.inPort(1), 0x48_03L);
    controller.commit(session, List.of(better, new FlowMod.Delete(0x4902), new FlowMod.Delete(9)));
    assertEquals(Set.of(0x4803L), cookies());
  }

  @Test
  void aFlowThatTheSwitchCannotReadIsNamedAndNothingOfTheBundleApplies() {
    FlowMod bad = add(0, Match.of(Header.TCP_DST, 80), 2);
    FlowMod good = add(0, Match.IPV4, 1);
    var refused =
        assertInstanceOf(
            BundleResult.Refused.class,
            controller.commit(session, List.of(good, bad, add(0, Match.ARP, 3))));
    assertEquals(1, refused.refusals().size());
    assertEquals(bad, refused.refusals().getFirst().mod());
    assertEquals("OFPBMC_BAD_PREREQ", refused.refusals().getFirst().error().text());
    assertEquals(Set.of(), cookies());
    assertEquals(new BundleResult.Committed(), controller.commit(session, List.of(good)));
  }

  @Test
  void aFlowThatTheSwitchCannotApplyIsNamedAndNothingOfTheBundleApplies() {
    FlowMod bad = add(0, Match.ANY, 2, new Action.GroupRef(99));
    FlowMod good = add(0, Match.IPV4, 1);
    var refused =
        assertInstanceOf(
            BundleResult.Refused.class, controller.commit(session, List.of(good, bad)));
    assertEquals(bad, refused.refusals().getFirst().mod());
    assertEquals("OFPBAC_BAD_OUT_GROUP", refused.refusals().getFirst().error().text());
    assertEquals(Set.of(), cookies());
    assertEquals(new BundleResult.Committed(), controller.commit(session, List.of(good)));
  }

  @Test
  void bundlesAskedForAtOnceAreAppliedInOrder() {
    List<CompletableFuture<BundleResult>> results = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      results.add(
          session.bundle(BundleContent.of(controller.encode(List.of(add(0, Match.ANY, i))))));
    }
    results.forEach(result -> assertEquals(new BundleResult.Committed(), await(result)));
    assertEquals(Set.of(20L), cookies());
  }

  @Test
  void packetsComeWithUserdataAndGoOut() {
    controller.commit(
        session,
        List.of(
            add(
                0,
                Match.inPort(1),
                77,
                new Action.SetField(new Field(Header.METADATA, 0, 31), 0xabc),
                new Action.Controller(0xffff, List.of((byte) 1, (byte) 2), 0))));
    ovs.appctl("netdev-dummy/receive", "p1", PACKET);
    PacketIn packet = controller.events.awaitPacket();
    assertEquals(List.of((byte) 1, (byte) 2), packet.userdata());
    assertEquals(1, packet.inPort());
    assertEquals(0xabc, packet.metadata());
    assertEquals(77, packet.cookie());
    assertEquals(packet.fullLength(), packet.packet().length());
    assertTrue(session.packetOut(0, 2, packet.packet()));
    await(session.barrier());
    assertTrue(ovs.ofctl("dump-ports", "br", "p2").contains("tx pkts=1"));
    assertTrue(session.packetOut(0, NO_PORT, Bytes.copyOf(new byte[2])));
    assertTrue(controller.events.awaitError().text().startsWith("OFPB"));
  }

  @Test
  void aCtZoneIsFlushed() {
    Action commit = new Action.Ct(true, new Action.Zone.Constant(5), null, List.of());
    controller.commit(session, List.of(add(0, Match.IPV4, 1, commit)));
    ovs.appctl("netdev-dummy/receive", "p1", PACKET);
    assertTrue(ovs.appctl("dpctl/dump-conntrack").contains("zone=5"));
    await(session.flushZone(6));
    assertTrue(ovs.appctl("dpctl/dump-conntrack").contains("zone=5"));
    await(session.flushZone(5));
    assertFalse(ovs.appctl("dpctl/dump-conntrack").contains("zone=5"));
  }

  @Test
  void metersAreAddedChangedAndDeleted() {
    await(session.putMeter(new Meter(1, 100, 0)));
    assertEquals(List.of(new Meter(1, 100, 0)), await(session.dumpMeters()));
    await(session.putMeter(new Meter(2, 50, 10)));
    await(session.putMeter(new Meter(1, 300, 30)));
    assertEquals(
        Set.of(new Meter(1, 300, 30), new Meter(2, 50, 10)),
        Set.copyOf(await(session.dumpMeters())));
    await(session.deleteMeter(2));
    await(session.deleteMeter(2));
    assertEquals(List.of(new Meter(1, 300, 30)), await(session.dumpMeters()));
    var refused =
        assertThrows(
            SwitchRefusedException.class, () -> await(session.putMeter(new Meter(0, 1, 0))));
    assertEquals("OFPMMFC_INVALID_METER", refused.getMessage());
  }

  @Test
  void randomFlowsAreDumpedAsTheyWereSent() {
    await(session.putMeter(new Meter(RandomFlows.METER, 9, 9)));
    ovs.ofctl("add-group", "br", "group_id=9,type=all,bucket=actions=output:1");
    List<Flow> flows = new RandomFlows(17).distinct(300);
    List<FlowMod> mods = new ArrayList<>();
    flows.forEach(flow -> mods.add(new FlowMod.Add(flow, 1)));
    assertEquals(new BundleResult.Committed(), controller.commit(session, mods));
    assertEquals(
        Set.copyOf(flows),
        await(session.dump(SwitchSession.ALL_TABLES, 0, 0)).stream()
            .map(stat -> stat.flow().orElseThrow())
            .collect(Collectors.toSet()));
    List<FlowMod> deletes = List.of(new FlowMod.Delete(1));
    assertEquals(new BundleResult.Committed(), controller.commit(session, deletes));
    assertEquals(Set.of(), cookies());
  }
}

package io.heddle.core.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracerTest {

  private static final Packet.Link LINK =
      new Packet.Link(MacAddress.parse("0a:00:00:00:00:01"), MacAddress.parse("0a:00:00:00:00:02"));
  private static final Packet.Path PATH =
      new Packet.Path(Ipv4Address.parse("10.0.0.1"), Ipv4Address.parse("10.0.0.2"));
  private static final Packet SYN = Packet.tcp(LINK, PATH, 40_000, 80).enteringAt(1);
  private static final Field REG0 = Field.reg(0, 0, 31);

  private final List<Flow> flows = new ArrayList<>();

  private void flow(int table, int priority, Match match, Action... actions) {
    flows.add(new Flow(table, priority, match, List.of(actions)));
  }

  private Trace<String> trace(Packet packet) {
    return trace(packet, ConnectionTracking.saying(List.of(CtState.NEW)));
  }

  private Trace<String> trace(Packet packet, ConnectionTracking conntrack) {
    return Tracer.trace(FlowTables.plain(flows), packet, conntrack);
  }

  private static Action output(int ofport) {
    return new Action.Output(ofport);
  }

  private static List<Integer> ports(Trace<?> trace) {
    return trace.outputs().stream().map(output -> output.ofport()).toList();
  }

  @Test
  void theHigherPriorityWins() {
    flow(0, 10, Match.ANY, output(2));
    flow(0, 20, Match.IPV4, output(3));
    assertEquals(List.of(3), ports(trace(SYN)));
    assertEquals(List.of(2), ports(trace(Packet.frame(LINK, 0x88b5).enteringAt(1))));
  }

  @Test
  void whatNoFlowMatchesIsDroppedThere() {
    flow(0, 10, Match.ANY, new Action.GotoTable(20));
    Trace<String> trace = trace(SYN);
    assertEquals(List.of(new Verdict.Dropped<String>(20, null)), trace.verdicts());
    assertEquals("classify > route: drop, no flow of route matches", trace.summary());
  }

  @Test
  void aDropNamesItsFlow() {
    flow(0, 10, Match.IPV4);
    assertEquals(
        "classify: drop by table=classify,priority=10,ip actions=drop", trace(SYN).summary());
  }

  @Test
  void anOutputToWhereThePacketCameFromIsNone() {
    flow(0, 10, Match.ANY, output(1), output(2));
    assertEquals(List.of(2), ports(trace(SYN)));
  }

  @Test
  void inPortSendsItBack() {
    flow(0, 10, Match.ANY, new Action.InPort());
    assertEquals(List.of(1), ports(trace(SYN)));
  }

  @Test
  void eachOutputSeesWhatWasDoneBeforeIt() {
    flow(0, 10, Match.ANY, output(2), Actions.set(Header.ETH_DST, MacAddress.BROADCAST), output(3));
    List<Verdict.Output<String>> outputs = trace(SYN).outputs();
    assertEquals(LINK.target(), outputs.get(0).packet().mac(Header.ETH_DST));
    assertEquals(MacAddress.BROADCAST, outputs.get(1).packet().mac(Header.ETH_DST));
  }

  @Test
  void aResubmitComesBackWithWhatItChanged() {
    flow(0, 10, Match.ANY, new Action.Resubmit(5), new Action.Resubmit(6), new Action.GotoTable(7));
    flow(5, 10, Match.ANY, Actions.set(REG0, 2));
    flow(7, 10, Match.ANY, new Action.OutputField(Field.reg(0, 0, 15)));
    Trace<String> trace = trace(SYN);
    assertEquals(List.of(2), ports(trace));
    assertEquals("classify(spoof_guard)(6) > 7: output 2", trace.summary());
    assertEquals(4, trace.hops().size());
  }

  @Test
  void moveCopiesBitsInPlace() {
    flow(
        0,
        10,
        Match.ANY,
        Actions.set(REG0, 0xabcd_1234L),
        Actions.move(Field.reg(0, 16, 31), Field.reg(1, 8, 23)),
        output(2));
    Packet left = trace(SYN).outputs().get(0).packet();
    assertEquals(0xab_cd00L, left.get(Header.REG1));
  }

  @Test
  void aHeaderThatIsNotThereIsNotSet() {
    Action answer = Actions.set(Field.of(Header.ARP_OP), 2);
    flow(0, 10, Match.ANY, answer, Actions.move(Header.UDP_DST, Header.TCP_DST), output(2));
    Packet left = trace(SYN).outputs().get(0).packet();
    assertEquals(0, left.get(Header.ARP_OP));
    assertEquals(80, left.get(Header.TCP_DST));
  }

  @Test
  void aPacketWithNoHopLeftGoesToTheControllerAndNoFurther() {
    flow(0, 10, Match.ANY, new Action.Resubmit(5), output(3));
    flow(5, 10, Match.ANY, new Action.DecTtl(), output(2));
    assertEquals(63, trace(SYN).outputs().get(0).packet().get(Header.IP_TTL));
    Trace<String> expired = trace(SYN.ttl(1));
    assertEquals(Verdict.PuntReason.TTL_EXPIRED, expired.punts().get(0).reason());
    assertEquals(List.of(3), ports(expired), "the table that resubmitted goes on");
  }

  @Test
  void aPuntCarriesItsReason() {
    flow(0, 10, Match.ANY, new Action.Controller(128, List.of((byte) 0, (byte) 7), 3));
    Verdict.Punt<String> punt = trace(SYN).punts().get(0);
    assertEquals(List.of((byte) 0, (byte) 7), punt.userdata());
    assertEquals("classify: controller 00.07", trace(SYN).summary());
  }

  @Test
  void conntrackClonesThePacketAndTheOriginalGoesOnUntracked() {
    flow(
        0,
        10,
        Match.IPV4,
        Actions.set(REG0, 9),
        new Action.Ct(false, new Action.Zone.Constant(4), 30, List.of()),
        new Action.Resubmit(5));
    flow(5, 10, Match.ctState(List.of(CtState.TRACKED), List.of()), output(8));
    flow(5, 9, Match.ANY, output(5));
    flow(30, 10, Match.ctState(List.of(CtState.NEW), List.of()), output(2));
    Trace<String> trace = trace(SYN);
    assertEquals(List.of(2, 5), ports(trace));
    Packet tracked = trace.outputs().get(0).packet();
    assertEquals(9, tracked.get(Header.REG0), "registers survive");
    assertEquals(4, tracked.get(Header.CT_ZONE));
    assertEquals(0, trace.outputs().get(1).packet().get(Header.CT_STATE));
  }

  @Test
  void aZoneMayComeFromARegisterAndTheMarkFromAnother() {
    Conntrack conntrack = new Conntrack();
    Action mark = Actions.move(Field.reg(2, 0, 15), new Field(Header.CT_MARK, 0, 15));
    flow(
        0,
        10,
        Match.IPV4,
        Actions.set(Field.reg(3, 0, 15), 7),
        Actions.set(Field.reg(2, 0, 15), 0x51),
        new Action.Ct(true, new Action.Zone.In(Field.reg(3, 0, 15)), null, List.of(mark)),
        output(2));
    assertEquals(List.of(2), ports(trace(SYN, conntrack)));
    assertEquals(0x51, conntrack.find(7, SYN).mark());
    assertEquals(1, conntrack.connections(7).size());
  }

  @Test
  void aLoopIsAnErrorAndNothingOfItIsDone() {
    flow(0, 10, Match.ANY, output(2), new Action.Resubmit(0));
    Trace<String> trace = trace(SYN);
    assertEquals(List.of(), ports(trace));
    assertInstanceOf(Verdict.Failed.class, trace.verdicts().get(0));
    assertEquals(Tracer.MAX_DEPTH + 1, trace.hops().size());
  }

  @Test
  void tooManyLookupsAreAnError() {
    Action[] many = new Action[17];
    Arrays.fill(many, new Action.Resubmit(1));
    flow(0, 10, Match.ANY, many);
    Action[] more = new Action[256];
    Arrays.fill(more, new Action.Resubmit(2));
    flow(1, 10, Match.ANY, more);
    flow(2, 10, Match.ANY, output(2));
    assertEquals("error, over 4096 resubmits", TraceText.verdict(trace(SYN).verdicts().get(0)));
  }

  @Test
  void endlessRecirculationIsCutOff() {
    flow(0, 10, Match.ANY, new Action.Ct(false, new Action.Zone.Constant(1), 0, List.of()));
    Trace<String> trace = trace(SYN);
    assertEquals(Tracer.MAX_RECIRCULATIONS + 1, trace.hops().size());
    assertTrue(trace.isDropped());
  }

  @Test
  void anExplanationNamesFlowsOwnersAndNotes() {
    FlowTables<String> tables =
        FlowTables.of(
            List.of(
                new FlowTables.Entry<>(
                    new Flow(0, 100, Match.inPort(1), List.of(Stage.ROUTE.goTo())), "port web"),
                new FlowTables.Entry<>(
                    new Flow(20, 10, Match.IPV4, List.of(output(1), output(2))), "vpc blue")));
    String text = Tracer.trace(tables, SYN, new Conntrack()).explain(owner -> owner);
    assertEquals(
        """
        in_port=1,eth_src=0a:00:00:00:00:01,eth_dst=0a:00:00:00:00:02,ip,nw_proto=6,nw_ttl=64,\
        nw_src=10.0.0.1,nw_dst=10.0.0.2,tcp_src=0x9c40,tcp_dst=0x50
        classify: priority=100,in_port=1  [port web]
          goto_table:route
        route: priority=10,ip  [vpc blue]
          output:1  -- the packet came from there: no output
          output:2
        => output 2
        """,
        text);
  }

  @Test
  void packetsAreReadAndPrintedInOvsSyntax() {
    Packet read = PacketText.parse("in_port=1,tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=80");
    assertEquals(PacketText.parse(read.toString()), read);
    assertEquals(80, read.get(Header.TCP_DST));
    assertEquals(Packet.DEFAULT_TTL, read.get(Header.IP_TTL));
    assertThrows(IllegalArgumentException.class, () -> PacketText.parse("in_port=1,wat"));
    assertThrows(IllegalArgumentException.class, () -> PacketText.parse("nw_src=1.2.3"));
  }

  @Test
  void aTunnelBringsItsVniAndNothingElse() {
    Packet left = SYN.with(Header.REG0, 5).with(Header.METADATA, 7).with(Header.CT_STATE, 33);
    Packet arrived = left.enteringFromTunnel(40_000, 5003, PATH);
    assertEquals(5003, arrived.get(Header.TUN_ID));
    assertEquals(PATH.source(), arrived.address(Header.TUN_SRC));
    assertEquals(0, arrived.get(Header.REG0) + arrived.get(Header.METADATA));
    assertEquals(0, arrived.get(Header.CT_STATE));
    assertEquals(80, arrived.get(Header.TCP_DST));
  }
}

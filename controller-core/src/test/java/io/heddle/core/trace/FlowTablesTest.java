package io.heddle.core.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.trace.FlowTables.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowTablesTest {

  private static final Match TCP = Match.ipProtocol(Match.TCP);

  private final List<Flow> flows = new ArrayList<>();

  private Flow flow(int priority, Match match, Action... actions) {
    Flow flow = new Flow(0, priority, match, List.of(actions));
    flows.add(flow);
    return flow;
  }

  private static Action clause(int id, int clause, int clauses) {
    return new Action.Conjunction(id, clause, clauses);
  }

  private static Match from(int identity) {
    return Match.of(Header.REG2, identity);
  }

  private static Match port(int number) {
    return TCP.and(Match.of(Header.TCP_DST, number));
  }

  private static Match conjunction(int id) {
    return Match.IPV4.and(Match.of(Header.CONJ_ID, id));
  }

  private static Packet packet(int identity, int port) {
    return PacketText.parse("tcp,reg2=%d,tcp_dst=%d".formatted(identity, port));
  }

  private Flow found(Packet packet) {
    Entry<String> entry = FlowTables.plain(flows).lookup(0, packet).entry();
    return entry == null ? null : entry.flow();
  }

  @Test
  void aConjunctionWantsEveryClause() {
    flow(200, from(3), clause(7, 1, 2));
    flow(200, from(4), clause(7, 1, 2));
    flow(200, port(80), clause(7, 2, 2));
    Flow allow = flow(200, conjunction(7), new Action.Output(1));
    assertEquals(allow, found(packet(3, 80)));
    assertEquals(allow, found(packet(4, 80)));
    assertNull(found(packet(5, 80)));
    assertNull(found(packet(3, 81)));
    assertEquals(2, FlowTables.plain(flows).lookup(0, packet(3, 80)).clauses().size());
  }

  @Test
  void conjunctionsMayShareAClause() {
    flow(200, from(3), clause(7, 1, 2), clause(8, 1, 2));
    flow(200, from(4), clause(8, 1, 2));
    flow(200, port(80), clause(7, 2, 2));
    flow(200, port(443), clause(8, 2, 2));
    Flow seven = flow(200, conjunction(7), new Action.Output(7));
    Flow eight = flow(200, conjunction(8), new Action.Output(8));
    assertEquals(seven, found(packet(3, 80)));
    assertEquals(eight, found(packet(3, 443)));
    assertNull(found(packet(4, 80)));
    assertEquals(eight, found(packet(4, 443)));
  }

  @Test
  void clausesOfDifferentPrioritiesDoNotMeet() {
    flow(200, from(3), clause(7, 1, 2));
    flow(199, port(80), clause(7, 2, 2));
    flow(200, conjunction(7), new Action.Output(1));
    assertNull(found(packet(3, 80)));
  }

  @Test
  void anOrdinaryFlowOfThePriorityWinsAndALowerOneWaits() {
    Flow low = flow(100, TCP, new Action.Output(9));
    flow(200, from(3), clause(7, 1, 2));
    flow(200, port(80), clause(7, 2, 2));
    Flow allow = flow(200, conjunction(7), new Action.Output(1));
    assertEquals(allow, found(packet(3, 80)));
    assertEquals(low, found(packet(3, 81)));
    Flow same = flow(200, TCP.and(Match.of(Header.REG0, 0)), new Action.Output(8));
    assertEquals(same, found(packet(3, 80)));
  }

  @Test
  void theFlowOfTheConjunctionMayStandLower() {
    flow(200, from(3), clause(7, 1, 2));
    flow(200, port(80), clause(7, 2, 2));
    Flow allow = flow(100, conjunction(7), new Action.Output(1));
    assertEquals(allow, found(packet(3, 80)));
    Flow between = flow(150, TCP, new Action.Output(5));
    assertEquals(between, found(packet(3, 80)));
  }

  @Test
  void anIdThatNoFlowNamesMatchesNothing() {
    flow(200, from(3), clause(7, 1, 1));
    assertNull(found(packet(3, 80)));
    Flow low = flow(10, Match.ANY, new Action.Output(5));
    assertEquals(low, found(packet(3, 80)));
  }

  @Test
  void ambiguityIsReported() {
    flow(100, from(3), new Action.Output(1));
    flow(100, TCP, new Action.Output(2));
    assertEquals(1, FlowTables.plain(flows).lookup(0, packet(3, 80)).rivals().size());
    assertEquals(0, FlowTables.plain(flows).lookup(0, packet(4, 80)).rivals().size());
  }

  @Test
  void twoFlowsForOneMatchAreRefused() {
    flow(100, TCP, new Action.Output(1));
    flow(100, TCP, new Action.Output(2));
    assertThrows(IllegalArgumentException.class, () -> FlowTables.plain(flows));
  }
}

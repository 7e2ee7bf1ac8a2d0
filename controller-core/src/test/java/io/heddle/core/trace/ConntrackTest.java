package io.heddle.core.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConntrackTest {

  private static final int ZONE = 5;
  private static final Packet.Link THERE =
      new Packet.Link(MacAddress.parse("0a:00:00:00:00:01"), MacAddress.parse("0a:00:00:00:00:02"));
  private static final Packet.Link BACK = new Packet.Link(THERE.target(), THERE.source());
  private static final Packet.Path PATH =
      new Packet.Path(Ipv4Address.parse("10.0.0.1"), Ipv4Address.parse("10.0.0.2"));
  private static final Packet SYN = Packet.tcp(THERE, PATH, 40_000, 80);
  private static final Packet SYN_ACK =
      Packet.tcp(BACK, PATH.reversed(), 80, 40_000).tcpFlags(Packet.TCP_SYN | Packet.TCP_ACK);
  private static final Packet ACK = SYN.tcpFlags(Packet.TCP_ACK);

  private final Conntrack conntrack = new Conntrack();

  private Packet commit(Packet packet, long mark, long mask) {
    return conntrack.pass(new ConnectionTracking.Pass(packet, ZONE, true, mark, mask));
  }

  private Packet look(Packet packet) {
    return look(packet, ZONE);
  }

  private Packet look(Packet packet, int zone) {
    return conntrack.pass(new ConnectionTracking.Pass(packet, zone, false, 0, 0));
  }

  private static List<CtState> states(Packet tracked) {
    List<CtState> states = new ArrayList<>();
    for (CtState state : CtState.values()) {
      if ((tracked.get(Header.CT_STATE) & state.mask()) != 0) {
        states.add(state);
      }
    }
    return states;
  }

  @Test
  void aConnectionIsNewUntilAReplyAndEstablishedAfter() {
    assertEquals(List.of(CtState.NEW, CtState.TRACKED), states(look(SYN)));
    assertNull(conntrack.find(ZONE, SYN), "looking remembers nothing");
    commit(SYN, 0x51, 0xffff);
    Packet reply = look(SYN_ACK);
    assertEquals(List.of(CtState.ESTABLISHED, CtState.REPLY, CtState.TRACKED), states(reply));
    assertEquals(0x51, reply.get(Header.CT_MARK));
    assertEquals(List.of(CtState.ESTABLISHED, CtState.TRACKED), states(look(ACK)));
  }

  @Test
  void bothDirectionsCarryTheOriginalTuple() {
    commit(SYN, 0, 0);
    for (Packet packet : List.of(look(SYN_ACK), look(ACK))) {
      assertEquals(PATH.source(), packet.address(Header.CT_NW_SRC));
      assertEquals(PATH.target(), packet.address(Header.CT_NW_DST));
      assertEquals(6, packet.get(Header.CT_NW_PROTO));
      assertEquals(40_000, packet.get(Header.CT_TP_SRC));
      assertEquals(80, packet.get(Header.CT_TP_DST));
    }
  }

  @Test
  void zonesDoNotMeet() {
    commit(SYN, 0, 0);
    assertEquals(List.of(CtState.INVALID, CtState.TRACKED), states(look(SYN_ACK, ZONE + 1)));
    conntrack.flush(ZONE);
    assertEquals(List.of(CtState.INVALID, CtState.TRACKED), states(look(SYN_ACK)));
  }

  @Test
  void aLaterCommitChangesTheMarkWithinItsMask() {
    commit(SYN, 0x51, 0xffff);
    look(SYN_ACK);
    commit(ACK, 0x70000, 0xf0000);
    assertEquals(0x70051, look(SYN_ACK).get(Header.CT_MARK));
    assertEquals(1, conntrack.connections(ZONE).size());
  }

  @Test
  void trafficFromBeforeWeLookedIsNewButForSynAck() {
    assertEquals(List.of(CtState.NEW, CtState.TRACKED), states(look(ACK)));
    assertEquals(List.of(CtState.INVALID, CtState.TRACKED), states(look(SYN_ACK)));
  }

  @Test
  void udpIsAConnectionToo() {
    Packet query = Packet.udp(THERE, PATH, 1000, 53);
    Packet answer = Packet.udp(BACK, PATH.reversed(), 53, 1000);
    commit(query, 0, 0);
    assertEquals(
        List.of(CtState.ESTABLISHED, CtState.REPLY, CtState.TRACKED), states(look(answer)));
    assertEquals(List.of(CtState.ESTABLISHED, CtState.TRACKED), states(look(query)));
  }

  @Test
  void pingsAreToldApartByTheirIds() {
    commit(Packet.ping(THERE, PATH, 7), 0, 0);
    Packet pong = Packet.icmp(BACK, PATH.reversed(), Packet.ICMP_ECHO_REPLY, 0);
    Packet tracked = look(pong.icmpId(7));
    assertEquals(List.of(CtState.ESTABLISHED, CtState.REPLY, CtState.TRACKED), states(tracked));
    assertEquals(8, tracked.get(Header.CT_TP_SRC), "the type of the original");
    assertEquals(List.of(CtState.INVALID, CtState.TRACKED), states(look(pong.icmpId(8))));
  }

  @Test
  void anErrorIsRelatedToWhatItQuotes() {
    Packet error = Packet.icmpError(BACK, PATH.reversed(), Packet.ICMP_UNREACHABLE, SYN);
    assertEquals(List.of(CtState.INVALID, CtState.TRACKED), states(look(error)));
    commit(SYN, 0x51, 0xffff);
    Packet related = look(error);
    assertEquals(List.of(CtState.RELATED, CtState.REPLY, CtState.TRACKED), states(related));
    assertEquals(0x51, related.get(Header.CT_MARK));
    Packet aboutReply = Packet.icmpError(THERE, PATH, Packet.ICMP_UNREACHABLE, SYN_ACK);
    assertEquals(List.of(CtState.RELATED, CtState.TRACKED), states(look(aboutReply)));
  }

  @Test
  void otherProtocolsAreTrackedByTheirAddresses() {
    Packet gre = Packet.ip(THERE, PATH, 47);
    commit(gre, 0, 0);
    assertEquals(List.of(CtState.NEW, CtState.TRACKED), states(look(gre)));
    Packet back = Packet.ip(BACK, PATH.reversed(), 47);
    assertEquals(List.of(CtState.ESTABLISHED, CtState.REPLY, CtState.TRACKED), states(look(back)));
    assertEquals(List.of(CtState.ESTABLISHED, CtState.TRACKED), states(look(gre)));
  }

  @Test
  void anIcmpMessageThatAsksNothingIsInvalid() {
    Packet odd = Packet.icmp(THERE, PATH, Packet.ICMP_ECHO, 1);
    assertEquals(List.of(CtState.INVALID, CtState.TRACKED), states(look(odd)));
  }

  @Test
  void beforeAnyReplyOnlyTcpGetsOn() {
    commit(SYN, 0, 0);
    assertEquals(List.of(CtState.NEW, CtState.TRACKED), states(look(SYN)));
    assertEquals(List.of(CtState.ESTABLISHED, CtState.TRACKED), states(look(ACK)));
    Packet query = Packet.udp(THERE, PATH, 1000, 53);
    commit(query, 0, 0);
    look(query);
    assertEquals(List.of(CtState.NEW, CtState.TRACKED), states(look(query)));
  }
}

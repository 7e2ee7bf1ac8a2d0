package io.heddle.vpc.dhcpv6;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Subnet.Ipv6AddressMode;
import io.heddle.testkit.random.Seeded;
import io.heddle.vpc.Ipv6Cloud;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Dhcpv6ServerTest {

  private static final byte[] CLIENT = {0, 3, 0, 1, 10, 0, 0, 0, 0, 1};
  private static final byte[] SERVER = {0, 3, 0, 1, 14, 0, 0, 0, 0, 1};
  private static final int TRANSACTION = 0x123456;
  private static final int IAID = 77;

  private final Ipv6Cloud site = new Ipv6Cloud();
  private final Dhcpv6Server server = new Dhcpv6Server();

  {
    List<IpAddress> servers =
        List.of(IpAddress.parse("10.0.1.2"), IpAddress.parse("fd00:1:0:1::53"));
    site.tell(
        new Subnet.Dhcp(
            true,
            servers,
            "blue.example",
            List.of(),
            servers,
            7200,
            Ipv6AddressMode.DHCPV6_STATEFUL,
            null,
            ""));
  }

  /// What the machine says, after its own name.
  private Dhcpv6Options says() {
    return new Dhcpv6Options().add(Dhcpv6Code.CLIENT_ID, CLIENT);
  }

  private Dhcpv6Options saysToUs() {
    return says().add(Dhcpv6Code.SERVER_ID, SERVER);
  }

  /// Asks for addresses, having these.
  private static Dhcpv6Options wants(Dhcpv6Options options, Ipv6Address... held) {
    Dhcpv6Options inside = new Dhcpv6Options();
    for (Ipv6Address address : held) {
      inside.lease(address, 100);
    }
    return options.association(
        new Dhcpv6Message.Association(Dhcpv6Code.IA_NA, IAID, List.of()), 0, inside);
  }

  private byte[] frame(Dhcpv6Type type, Dhcpv6Options options) {
    byte[] encoded = options.encoded();
    int length = 12 + encoded.length;
    ByteBuffer udp = ByteBuffer.allocate(length);
    udp.putShort((short) 546).putShort((short) 547).putShort((short) length).putShort((short) 0);
    udp.putInt(type.code() << 24 | TRANSACTION).put(encoded);
    return site.frame(Ipv6Address.linkLocal(site.port.mac()), 17, udp.array());
  }

  private Dhcpv6Message reply(Dhcpv6Type type, Dhcpv6Options options) {
    Ipv6Cloud.Reply reply = site.reply(server, frame(type, options));
    assertEquals(site.port.mac(), reply.to());
    assertEquals(Ipv6Address.linkLocal(site.port.mac()), reply.target());
    assertEquals(547, reply.payload().getShort(0));
    assertEquals(546, reply.payload().getShort(2));
    int length = reply.payload().limit() - 8;
    Dhcpv6Message message = Dhcpv6Message.parse(reply.payload().slice(8, length)).orElseThrow();
    assertEquals(TRANSACTION, message.transaction());
    assertArrayEquals(SERVER, message.value(Dhcpv6Code.SERVER_ID).orElseThrow());
    return message;
  }

  private void assertSilent(Dhcpv6Type type, Dhcpv6Options options) {
    assertEquals(List.of(), site.ask(server, frame(type, options)));
  }

  private static ByteBuffer association(Dhcpv6Message message) {
    return ByteBuffer.wrap(message.value(Dhcpv6Code.IA_NA).orElseThrow());
  }

  private void assertLeased(Dhcpv6Message message) {
    assertArrayEquals(CLIENT, message.value(Dhcpv6Code.CLIENT_ID).orElseThrow());
    ByteBuffer association = association(message);
    assertEquals(IAID, association.getInt(0));
    assertEquals(3600, association.getInt(4), "T1");
    assertEquals(5760, association.getInt(8), "T2");
    assertEquals(site.own(), Ipv6Cloud.address(association, 16));
    assertEquals(7200, association.getInt(32), "preferred");
    assertEquals(7200, association.getInt(36), "valid");
  }

  private static int status(Dhcpv6Message message) {
    byte[] status = message.value(Dhcpv6Code.STATUS).orElseThrow();
    return status[0] << 8 | status[1];
  }

  @Test
  void aSolicitIsOfferedThePortsAddressAndAReplyConfirmsIt() {
    Dhcpv6Message offer = reply(Dhcpv6Type.SOLICIT, wants(says()));
    assertEquals(Dhcpv6Type.ADVERTISE, offer.type());
    assertLeased(offer);
    Dhcpv6Message reply = reply(Dhcpv6Type.REQUEST, wants(saysToUs(), site.own()));
    assertEquals(Dhcpv6Type.REPLY, reply.type());
    assertLeased(reply);
  }

  @Test
  void rapidCommitIsAnsweredAtOnce() {
    Dhcpv6Message reply =
        reply(Dhcpv6Type.SOLICIT, wants(says().add(Dhcpv6Code.RAPID_COMMIT, new byte[0])));
    assertEquals(Dhcpv6Type.REPLY, reply.type());
    assertTrue(reply.has(Dhcpv6Code.RAPID_COMMIT));
    assertLeased(reply);
  }

  @Test
  void leasesAreRenewedAndRebound() {
    assertLeased(reply(Dhcpv6Type.RENEW, wants(saysToUs(), site.own())));
    assertLeased(reply(Dhcpv6Type.REBIND, wants(says(), site.own())));
  }

  @Test
  void anAddressThatIsThePortsNoLongerIsOver() {
    Ipv6Address former = Ipv6Address.parse("fd00:1:0:1::bad");
    ByteBuffer association = association(reply(Dhcpv6Type.RENEW, wants(saysToUs(), former)));
    assertEquals(site.own(), Ipv6Cloud.address(association, 16));
    assertEquals(former, Ipv6Cloud.address(association, 44));
    assertEquals(0, association.getInt(60), "preferred");
    assertEquals(0, association.getInt(64), "valid");
  }

  @Test
  void everyAddressOfThePortIsLeased() {
    site.address("fd00:1:0:1::7", "fd00:1:0:1::8");
    ByteBuffer association = association(reply(Dhcpv6Type.SOLICIT, wants(says())));
    assertEquals(Ipv6Address.parse("fd00:1:0:1::7"), Ipv6Cloud.address(association, 16));
    assertEquals(Ipv6Address.parse("fd00:1:0:1::8"), Ipv6Cloud.address(association, 44));
  }

  @Test
  void aMachineThatWasAwayLearnsWhetherItsAddressFits() {
    assertEquals(0, status(reply(Dhcpv6Type.CONFIRM, wants(says(), site.own()))));
    Ipv6Address elsewhere = Ipv6Address.parse("fd00:2::1");
    assertEquals(4, status(reply(Dhcpv6Type.CONFIRM, wants(says(), elsewhere))));
    assertSilent(Dhcpv6Type.CONFIRM, wants(says()));
  }

  @Test
  void releasesAndDeclinesAreAcknowledgedAndChangeNothing() {
    assertEquals(0, status(reply(Dhcpv6Type.RELEASE, wants(saysToUs(), site.own()))));
    assertEquals(0, status(reply(Dhcpv6Type.DECLINE, wants(saysToUs(), site.own()))));
    assertLeased(reply(Dhcpv6Type.SOLICIT, wants(says())));
  }

  @Test
  void whoHasAnAddressIsToldTheRest() {
    Dhcpv6Message reply =
        reply(
            Dhcpv6Type.INFORMATION_REQUEST,
            new Dhcpv6Options()
                .add(Dhcpv6Code.REQUESTED_OPTIONS, new byte[] {0, 23, 0, 24, 0, 31, 0, 56}));
    assertFalse(reply.has(Dhcpv6Code.IA_NA));
    byte[] server =
        ByteBuffer.allocate(16)
            .putLong(Ipv6Address.parse("fd00:1:0:1::53").high())
            .putLong(0x53)
            .array();
    assertArrayEquals(server, reply.value(Dhcpv6Code.DNS_SERVERS).orElseThrow());
    assertArrayEquals(server, reply.value(Dhcpv6Code.SNTP_SERVERS).orElseThrow());
    byte[] ntp = reply.value(Dhcpv6Code.NTP_SERVER).orElseThrow();
    assertArrayEquals(new byte[] {0, 1, 0, 16}, Arrays.copyOf(ntp, 4));
    assertEquals(14, reply.value(Dhcpv6Code.DOMAIN_SEARCH).orElseThrow().length);
    assertEquals(
        Optional.of(7200),
        reply.value(Dhcpv6Code.REFRESH_SECONDS).map(value -> ByteBuffer.wrap(value).getInt()));
  }

  @Test
  void onlyTheFirstAssociationIsGivenAddresses() {
    Dhcpv6Options asked = wants(wants(says()));
    asked.association(
        new Dhcpv6Message.Association(Dhcpv6Code.IA_PD, 9, List.of()), 0, new Dhcpv6Options());
    Dhcpv6Message reply = reply(Dhcpv6Type.SOLICIT, asked);
    assertLeased(reply);
    List<ByteBuffer> others =
        reply.options().stream()
            .filter(option -> option.code() == Dhcpv6Code.IA_NA || option.code() == 25)
            .skip(1)
            .map(Dhcpv6Message.Option::value)
            .toList();
    assertEquals(2, others.size());
    assertEquals(Dhcpv6Code.STATUS, others.getFirst().getShort(12));
    assertEquals(Dhcpv6Code.NO_ADDRESSES, others.getFirst().getShort(16));
    assertEquals(Dhcpv6Code.NO_PREFIXES, others.getLast().getShort(16));
  }

  @Test
  void aPortWithoutIpv6IsGivenNone() {
    site.address();
    ByteBuffer association = association(reply(Dhcpv6Type.SOLICIT, wants(says())));
    assertEquals(Dhcpv6Code.STATUS, association.getShort(12));
    assertEquals(Dhcpv6Code.NO_ADDRESSES, association.getShort(16));
  }

  @Test
  void whatIsMeantForAnotherServerOrForNoneIsNotAnswered() {
    Dhcpv6Options another = says().add(Dhcpv6Code.SERVER_ID, new byte[] {0, 3, 0, 1, 1, 2, 3});
    assertSilent(Dhcpv6Type.REQUEST, wants(another));
    assertSilent(Dhcpv6Type.REQUEST, wants(says()));
    assertSilent(Dhcpv6Type.SOLICIT, wants(saysToUs()));
    assertSilent(Dhcpv6Type.SOLICIT, wants(new Dhcpv6Options()));
    assertSilent(Dhcpv6Type.ADVERTISE, wants(saysToUs()));
    assertSilent(Dhcpv6Type.INFORMATION_REQUEST, wants(says()));
  }

  @Test
  void aSubnetWithoutDhcpIsSilent() {
    site.tell(new Subnet.Dhcp(false, List.of(), "", List.of(), 7200));
    assertSilent(Dhcpv6Type.SOLICIT, wants(says()));
  }

  @Test
  void garbageIsNeverAReasonToThrow() {
    Seeded.check(
        1000,
        seeded -> {
          byte[] frame = frame(Dhcpv6Type.SOLICIT, wants(saysToUs(), site.own()));
          for (int i = seeded.between(0, 3); i > 0; i--) {
            frame[seeded.below(frame.length)] = (byte) seeded.below(256);
          }
          site.ask(server, Arrays.copyOf(frame, seeded.between(0, frame.length)));
        });
  }
}

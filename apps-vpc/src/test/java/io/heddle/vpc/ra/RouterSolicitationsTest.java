package io.heddle.vpc.ra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Subnet.Ipv6AddressMode;
import io.heddle.core.pipeline.Overlay;
import io.heddle.testkit.random.Seeded;
import io.heddle.vpc.Ipv6Cloud;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterSolicitationsTest {

  private static final int MANAGED = 0x80;
  private static final int OTHER = 0x40;
  private static final int ON_LINK = 0x80;
  private static final int AUTONOMOUS = 0x40;

  private final Ipv6Cloud site = new Ipv6Cloud();
  private final RouterSolicitations handler = new RouterSolicitations();
  private final Ipv6Address linkLocal = Ipv6Address.linkLocal(site.port.mac());

  private byte[] solicitation(Ipv6Address from) {
    return site.frame(from, 58, new byte[] {(byte) 133, 0, 0, 0, 0, 0, 0, 0});
  }

  private Ipv6Cloud.Reply told() {
    return site.reply(handler, solicitation(linkLocal));
  }

  private static Map<Integer, ByteBuffer> options(ByteBuffer advertisement) {
    Map<Integer, ByteBuffer> options = new HashMap<>();
    for (int at = 16; at < advertisement.limit(); ) {
      int length = 8 * advertisement.get(at + 1);
      assertNull(options.put((int) advertisement.get(at), advertisement.slice(at, length)));
      at += length;
    }
    return options;
  }

  private static Subnet.Dhcp dhcp(boolean enabled, Ipv6AddressMode mode) {
    List<IpAddress> dns = List.of(IpAddress.parse("10.0.1.2"), IpAddress.parse("fd00:1:0:1::53"));
    return new Subnet.Dhcp(
        enabled, dns, "blue.example", List.of(), List.of(), 7200, mode, null, "");
  }

  @Test
  void aMachineIsToldItsRouterAndItsPrefixForAsLongAsCanBe() {
    Ipv6Cloud.Reply reply = told();
    assertEquals(site.port.mac(), reply.to());
    assertEquals(linkLocal, reply.target());
    ByteBuffer message = reply.payload();
    assertEquals((byte) 134, message.get(0));
    assertEquals(64, message.get(4));
    assertEquals(OTHER, message.get(5) & 0xff);
    assertEquals((short) 0xffff, message.getShort(6));
    Map<Integer, ByteBuffer> options = options(message);
    assertEquals(Overlay.GATEWAY_MAC.bits(), options.get(1).getLong(0) & 0xffff_ffff_ffffL);
    assertEquals(1450, options.get(5).getInt(4));
    ByteBuffer prefix = options.get(3);
    assertEquals(64, prefix.get(2));
    assertEquals(ON_LINK | AUTONOMOUS, prefix.get(3) & 0xff);
    assertEquals(-1, prefix.getInt(4));
    assertEquals(-1, prefix.getInt(8));
    assertEquals(Ipv6Cloud.PREFIX.network(), Ipv6Cloud.address(prefix, 16));
  }

  @Test
  void whoHasNoAddressYetIsToldWithEverybody() {
    Ipv6Cloud.Reply reply = site.reply(handler, solicitation(Ipv6Address.UNSPECIFIED));
    assertEquals(MacAddress.parse("33:33:00:00:00:01"), reply.to());
    assertEquals(Ipv6Address.ALL_NODES, reply.target());
  }

  @Test
  void aSubnetOfDhcpv6TellsMachinesToAsk() {
    site.tell(dhcp(true, Ipv6AddressMode.DHCPV6_STATEFUL));
    ByteBuffer message = told().payload();
    assertEquals(MANAGED | OTHER, message.get(5) & 0xff);
    assertEquals(ON_LINK, options(message).get(3).get(3) & 0xff);
  }

  @Test
  void aPortWithAnAddressOfItsOwnIsToldToAskForIt() {
    site.address("fd00:1:0:1::77");
    ByteBuffer message = told().payload();
    assertEquals(MANAGED | OTHER, message.get(5) & 0xff);
    assertEquals(ON_LINK, options(message).get(3).get(3) & 0xff);
  }

  @Test
  void withoutDhcpNobodyIsToldToAsk() {
    site.tell(dhcp(false, Ipv6AddressMode.DHCPV6_STATEFUL));
    ByteBuffer message = told().payload();
    assertEquals(0, message.get(5));
    assertEquals(ON_LINK, options(message).get(3).get(3) & 0xff);
  }

  @Test
  void dnsServersOfThisFamilyAndSearchDomainsAreAdvertised() {
    site.tell(dhcp(true, Ipv6AddressMode.SLAAC));
    Map<Integer, ByteBuffer> options = options(told().payload());
    assertEquals(24, options.get(25).limit());
    assertEquals(Ipv6Address.parse("fd00:1:0:1::53"), Ipv6Cloud.address(options.get(25), 8));
    byte[] name = new byte[14];
    options.get(31).get(8, name);
    assertArrayEquals("\4blue\7example\0".getBytes(StandardCharsets.US_ASCII), name);
  }

  @Test
  void aPortWithoutIpv6HearsOfNoRouter() {
    site.address();
    assertEquals(List.of(), site.ask(handler, solicitation(linkLocal)));
  }

  @Test
  void whatIsNoSolicitationIsNotAnswered() {
    byte[] routed = solicitation(linkLocal);
    routed[21] = 64;
    assertEquals(List.of(), site.ask(handler, routed), "came through a router");
    byte[] foreign = solicitation(linkLocal);
    foreign[11] ^= 1;
    assertEquals(List.of(), site.ask(handler, foreign), "another's MAC");
    byte[] other = solicitation(linkLocal);
    other[54] = (byte) 135;
    assertEquals(List.of(), site.ask(handler, other));
  }

  @Test
  void garbageIsNeverAReasonToThrow() {
    Seeded.check(
        1000,
        seeded -> {
          byte[] frame = solicitation(linkLocal);
          frame[seeded.below(frame.length)] = (byte) seeded.below(256);
          site.ask(handler, Arrays.copyOf(frame, seeded.between(0, frame.length)));
        });
  }
}

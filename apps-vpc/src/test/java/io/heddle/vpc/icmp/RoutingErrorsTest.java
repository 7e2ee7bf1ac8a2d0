package io.heddle.vpc.icmp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Port;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.vpc.Cloud;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Errors as bytes: what they quote, whom they name, and what there is none about.
class RoutingErrorsTest {

  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private final Cloud cloud = new Cloud();
  private final HostId host = cloud.host("hv1", "192.0.2.1");
  private final Port port =
      cloud.port("vm", cloud.subnet("web", cloud.vpc("blue", "10.0.0.0/16"), "10.0.1.0/24"));

  {
    cloud.plug(port, host, 7);
  }

  private List<Answer> answers(Unroutable reason, byte[] frame) {
    return new RoutingErrors(reason).answer(cloud.image(), new Punt(host, 7, frame));
  }

  private static byte[] ipv4(int protocol, int fragment, int payload) {
    return ByteBuffer.allocate(34 + payload)
        .putLong(0x0e00_0000_0001_0a00L)
        .putInt(0x0000_0001)
        .putShort((short) 0x0800)
        .putShort((short) 0x4500)
        .putShort((short) (20 + payload))
        .putShort((short) 0x1234)
        .putShort((short) fragment)
        .put((byte) 1)
        .put((byte) protocol)
        .putShort((short) 0)
        .putInt(0x0a00_0102)
        .putInt(0x0808_0808)
        .array();
  }

  private static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int at = from; at < to; at += 2) {
      sum += (bytes[at] & 0xff) << 8 | (at + 1 < to ? bytes[at + 1] & 0xff : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  @Test
  void anErrorQuotesThePacketAndIsTheGateways() {
    byte[] frame = ipv4(UDP, 0, 100);
    Answer answer = answers(Unroutable.NO_HOP_LEFT, frame).getFirst();
    byte[] error = answer.frame();
    assertEquals(7, answer.ofport());
    ByteBuffer read = ByteBuffer.wrap(error);
    assertEquals(port.mac().bits(), read.getLong(0) >>> 16);
    assertEquals(0x0800, read.getShort(12));
    assertEquals(0x0a00_0101, read.getInt(26), "from the gateway");
    assertEquals(0x0a00_0102, read.getInt(30), "to the sender");
    assertEquals(error.length - 14, read.getShort(16));
    assertEquals(11, read.get(34));
    assertEquals(0, read.get(35));
    assertEquals(0xffff, sum(error, 14, 34));
    assertEquals(0xffff, sum(error, 34, error.length));
    assertArrayEquals(
        Arrays.copyOfRange(frame, 14, frame.length), Arrays.copyOfRange(error, 42, error.length));
    assertEquals(1, answers(Unroutable.NO_HOST, frame).getFirst().frame()[35]);
    assertEquals(3, answers(Unroutable.NO_ROUTE, frame).getFirst().frame()[34]);
  }

  @Test
  void aLongPacketIsQuotedInPart() {
    byte[] error = answers(Unroutable.NO_ROUTE, ipv4(UDP, 0x4000, 1401)).getFirst().frame();
    assertEquals(14 + 576, error.length);
    assertEquals(0xffff, sum(error, 34, error.length));
  }

  @Test
  void nobodyIsToldOfErrorsLaterFragmentsAndGroups() {
    assertEquals(1, answers(Unroutable.NO_ROUTE, icmp(8)).size(), "an echo request");
    for (int type : new int[] {3, 4, 5, 11, 12}) {
      assertEquals(0, answers(Unroutable.NO_ROUTE, icmp(type)).size());
    }
    assertEquals(0, answers(Unroutable.NO_ROUTE, ipv4(UDP, 0x0001, 64)).size());
    assertEquals(1, answers(Unroutable.NO_ROUTE, ipv4(UDP, 0x2000, 64)).size(), "a first one");
    byte[] multicast = ipv4(UDP, 0, 64);
    multicast[30] = (byte) 0xe0;
    assertEquals(0, answers(Unroutable.NO_ROUTE, multicast).size());
    byte[] nobody = ipv4(UDP, 0, 64);
    Arrays.fill(nobody, 26, 30, (byte) 0);
    assertEquals(0, answers(Unroutable.NO_ROUTE, nobody).size());
  }

  private static byte[] icmp(int type) {
    byte[] frame = ipv4(ICMP, 0, 64);
    frame[34] = (byte) type;
    return frame;
  }

  @Test
  void aSubnetWithoutIpv6HasNoGatewayThatCouldSpeak() {
    assertEquals(0, answers(Unroutable.NO_ROUTE, ipv6(UDP)).size());
  }

  @Test
  void ipv6ErrorsHaveTheirOwnTypesAndASum() {
    byte[] packet = ipv6(UDP);
    Quoted.Ipv6 quoted = (Quoted.Ipv6) Quoted.of(packet);
    byte[] error =
        ErrorFrame.ipv6(
            quoted,
            port.mac(),
            io.heddle.core.model.Ipv6Address.parse("fd00:1::1"),
            Unroutable.NO_HOP_LEFT.ipv6());
    assertEquals(3, error[54]);
    int pseudo = sum(error, 22, 54) + (error.length - 54) + ICMPV6;
    int whole = sum(error, 54, error.length) + pseudo;
    while (whole >>> 16 != 0) {
      whole = (whole & 0xffff) + (whole >>> 16);
    }
    assertEquals(0xffff, whole);
    assertEquals(new Quoted.Nothing(), Quoted.of(ipv6Error()));
  }

  private static byte[] ipv6(int next) {
    ByteBuffer frame = ByteBuffer.allocate(14 + 40 + 32);
    frame.putShort(12, (short) 0x86dd);
    frame.putInt(14, 0x6000_0000).putShort(18, (short) 32).put(20, (byte) next).put(21, (byte) 1);
    frame.putLong(22, 0xfd00_0001_0000_0000L).putLong(30, 5);
    frame.putLong(38, 0x2001_0db8_0000_0000L).putLong(46, 9);
    return frame.array();
  }

  private static byte[] ipv6Error() {
    byte[] frame = ipv6(ICMPV6);
    frame[54] = 1;
    return frame;
  }

  @Test
  void garbageIsNoReasonToThrow() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] frame = random.nextBoolean() ? ipv4(ICMP, 0, random.nextInt(40)) : ipv6(ICMPV6);
      frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
      for (int change = 0; change < 3 && frame.length > 0; change++) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
      }
      for (Unroutable reason : Unroutable.ALL) {
        answers(reason, frame).forEach(answer -> assertEquals(7, answer.ofport()));
      }
    }
  }
}

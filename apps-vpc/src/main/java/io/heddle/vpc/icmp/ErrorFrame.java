package io.heddle.vpc.icmp;

import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.pipeline.Overlay;
import java.nio.ByteBuffer;

/// An ICMP error on the wire, from a gateway to who sent what it quotes.
final class ErrorFrame {

  /// Errors are no longer than this, so that no link is too small for them (RFC 1812 §4.3.2.3, RFC
  /// 4443 §2.4).
  private static final int MAX_IPV4 = 576;

  private static final int MAX_IPV6 = 1280;
  private static final int ICMP_HEADER = 8;
  private static final int TTL = 64;

  /// Version 4, header of five words; precedence as for network control (RFC 1812 §4.3.2.5).
  private static final short IPV4_START = 0x45c0;

  private static final int IPV6_START = 0x6000_0000;
  private static final short DO_NOT_FRAGMENT = 0x4000;

  private ErrorFrame() {}

  static byte[] ipv4(
      Quoted.Ipv4 about, MacAddress to, Ipv4Address gateway, Unroutable.Icmp message) {
    int room = MAX_IPV4 - Quoted.Ipv4Header.LENGTH - ICMP_HEADER;
    int quoted = Math.min(about.packet().length, room);
    int length = Quoted.Ipv4Header.LENGTH + ICMP_HEADER + quoted;
    byte[] bytes = new byte[Quoted.ETHERNET + length];
    ByteBuffer frame = ethernet(bytes, to, Match.ETH_TYPE_IPV4);
    int ip = frame.position();
    frame
        .putShort(IPV4_START)
        .putShort((short) length)
        .putShort((short) 0)
        .putShort(DO_NOT_FRAGMENT)
        .put((byte) TTL)
        .put((byte) Match.ICMP)
        .putShort((short) 0)
        .putInt(gateway.bits())
        .put(about.source());
    int icmp = frame.position();
    icmp(frame, message, about.packet(), quoted);
    frame.putShort(ip + 10, (short) ~sum(frame, ip, icmp, 0));
    frame.putShort(icmp + 2, (short) ~sum(frame, icmp, frame.capacity(), 0));
    return bytes;
  }

  static byte[] ipv6(
      Quoted.Ipv6 about, MacAddress to, Ipv6Address gateway, Unroutable.Icmp message) {
    int room = MAX_IPV6 - Quoted.Ipv6Header.LENGTH - ICMP_HEADER;
    int quoted = Math.min(about.packet().length, room);
    int length = ICMP_HEADER + quoted;
    byte[] bytes = new byte[Quoted.ETHERNET + Quoted.Ipv6Header.LENGTH + length];
    ByteBuffer frame = ethernet(bytes, to, Match.ETH_TYPE_IPV6);
    int ip = frame.position();
    frame
        .putInt(IPV6_START)
        .putShort((short) length)
        .put((byte) Match.ICMPV6)
        .put((byte) TTL)
        .putLong(gateway.high())
        .putLong(gateway.low())
        .put(about.source());
    int icmp = frame.position();
    icmp(frame, message, about.packet(), quoted);
    // The pseudo header: both addresses, the length and the protocol (RFC 8200 §8.1).
    int sum = sum(frame, ip + 8, frame.capacity(), length + Match.ICMPV6);
    frame.putShort(icmp + 2, (short) ~sum);
    return bytes;
  }

  private static ByteBuffer ethernet(byte[] bytes, MacAddress to, int type) {
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    mac(frame, to);
    mac(frame, Overlay.GATEWAY_MAC);
    return frame.putShort((short) type);
  }

  private static void mac(ByteBuffer frame, MacAddress mac) {
    frame.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits());
  }

  private static void icmp(ByteBuffer frame, Unroutable.Icmp message, byte[] quote, int length) {
    frame
        .put((byte) message.type())
        .put((byte) message.code())
        .putShort((short) 0)
        .putInt(0)
        .put(quote, 0, length);
  }

  /// The ones' complement sum of 16-bit words (RFC 1071).
  private static int sum(ByteBuffer frame, int from, int to, int start) {
    int sum = start;
    for (int at = from; at < to; at += 2) {
      int low = at + 1 < to ? frame.get(at + 1) & 0xff : 0;
      sum += (frame.get(at) & 0xff) << 8 | low;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}

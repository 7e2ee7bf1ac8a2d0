package io.heddle.vpc.frame;

import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.pipeline.Overlay;
import java.nio.ByteBuffer;

/// The way of a packet that the gateway says over IPv6, from its link-local address.
///
/// @param to the MAC that it is for
public record Ipv6Frame(MacAddress to, Ipv6Address target) {

  /// All machines of the link (RFC 2464).
  public static final Ipv6Frame TO_ALL_NODES =
      new Ipv6Frame(MacAddress.parse("33:33:00:00:00:01"), Ipv6Address.ALL_NODES);

  /// Neighbor discovery takes nothing that a router passed on.
  private static final int OWN_LINK = 255;

  private static final int UDP_HEADER = 8;
  private static final int PAYLOAD_AT = Ethernet.HEADER_BYTES + Ipv6Datagram.HEADER_BYTES;

  /// @param message from its type on, with a checksum of 0
  public byte[] icmp(byte[] message) {
    byte[] frame = new byte[PAYLOAD_AT + message.length];
    ByteBuffer written = header(frame, Ipv6Datagram.ICMPV6).put(message);
    int checksum = checksum(written, Ipv6Datagram.ICMPV6);
    written.putShort(PAYLOAD_AT + 2, (short) checksum);
    return frame;
  }

  public byte[] udp(int sourcePort, int targetPort, byte[] payload) {
    int length = UDP_HEADER + payload.length;
    byte[] frame = new byte[PAYLOAD_AT + length];
    ByteBuffer written = header(frame, Ipv6Datagram.UDP);
    written.putShort((short) sourcePort).putShort((short) targetPort);
    written.putShort((short) length).putShort((short) 0).put(payload);
    int checksum = checksum(written, Ipv6Datagram.UDP);
    written.putShort(PAYLOAD_AT + 6, (short) (checksum == 0 ? 0xffff : checksum));
    return frame;
  }

  /// Writes all that precedes the payload.
  private ByteBuffer header(byte[] bytes, int protocol) {
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    int length = bytes.length - PAYLOAD_AT;
    Ethernet.put(frame, to);
    Ethernet.put(frame, Overlay.GATEWAY_MAC);
    frame.putShort((short) 0x86dd).putInt(0x6000_0000).putShort((short) length);
    frame.put((byte) protocol).put((byte) OWN_LINK);
    put(frame, Overlay.GATEWAY_LINK_LOCAL);
    put(frame, target);
    return frame;
  }

  private static int checksum(ByteBuffer frame, int protocol) {
    int length = frame.limit() - PAYLOAD_AT;
    ByteBuffer addresses = frame.slice(Ethernet.HEADER_BYTES + 8, 32);
    ByteBuffer pseudo = ByteBuffer.allocate(8).putInt(length).putInt(protocol).flip();
    return InternetChecksum.of(addresses, pseudo, frame.slice(PAYLOAD_AT, length));
  }

  public static void put(ByteBuffer into, Ipv6Address address) {
    into.putLong(address.high()).putLong(address.low());
  }
}

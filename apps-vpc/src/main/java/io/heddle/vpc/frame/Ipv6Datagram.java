package io.heddle.vpc.frame;

import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// An IPv6 packet without extension headers, out of the Ethernet frame that it came in.
///
/// @param sender the frame's
/// @param payload what follows the IPv6 header; its position is 0
public record Ipv6Datagram(
    MacAddress sender,
    Ipv6Address source,
    Ipv6Address target,
    int protocol,
    int hopLimit,
    ByteBuffer payload) {

  public static final int UDP = 17;
  public static final int ICMPV6 = 58;

  static final int HEADER_BYTES = 40;
  private static final int UDP_HEADER = 8;
  private static final int PAYLOAD_AT = Ethernet.HEADER_BYTES + HEADER_BYTES;

  /// Reads a frame. Checksums are not looked at: a machine may leave them to hardware that it does
  /// not have.
  ///
  /// @return nothing where the frame is no IPv6 packet, or cut short
  public static Optional<Ipv6Datagram> parse(byte[] bytes) {
    if (bytes.length < PAYLOAD_AT) {
      return Optional.empty();
    }
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    int length = frame.getShort(Ethernet.HEADER_BYTES + 4) & 0xffff;
    boolean plain =
        frame.getShort(12) == (short) 0x86dd
            && (frame.get(Ethernet.HEADER_BYTES) & 0xf0) == 0x60
            && length <= bytes.length - PAYLOAD_AT;
    if (!plain) {
      return Optional.empty();
    }
    return Optional.of(
        new Ipv6Datagram(
            Ethernet.macAt(frame, 6),
            addressAt(frame, Ethernet.HEADER_BYTES + 8),
            addressAt(frame, Ethernet.HEADER_BYTES + 24),
            frame.get(Ethernet.HEADER_BYTES + 6) & 0xff,
            frame.get(Ethernet.HEADER_BYTES + 7) & 0xff,
            frame.slice(PAYLOAD_AT, length)));
  }

  /// What a UDP datagram between these ports carries.
  public Optional<ByteBuffer> udp(int sourcePort, int targetPort) {
    if (protocol != UDP || payload.limit() < UDP_HEADER) {
      return Optional.empty();
    }
    int length = payload.getShort(4) & 0xffff;
    boolean plain =
        (payload.getShort(0) & 0xffff) == sourcePort
            && (payload.getShort(2) & 0xffff) == targetPort
            && length >= UDP_HEADER
            && length <= payload.limit();
    return plain ? Optional.of(payload.slice(UDP_HEADER, length - UDP_HEADER)) : Optional.empty();
  }

  public static Ipv6Address addressAt(ByteBuffer bytes, int offset) {
    return new Ipv6Address(bytes.getLong(offset), bytes.getLong(offset + 8));
  }
}

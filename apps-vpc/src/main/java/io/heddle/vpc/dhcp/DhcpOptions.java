package io.heddle.vpc.dhcp;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The options field of a reply, filled from the most to the least important: what does not fit the
/// client's limit is left out.
final class DhcpOptions {

  /// What every client takes (RFC 2131 §2): 576 bytes of IP packet.
  static final int DEFAULT_MESSAGE_SIZE = 576;

  /// A reply stays in one packet of the overlay.
  private static final int LARGEST_MESSAGE_SIZE = 1400;

  /// IPv4 and UDP headers, the fixed part of the message, and the end mark.
  private static final int FIXED_BYTES = 20 + 8 + DhcpRequest.BOOTP_HEADER + 1;

  private final ByteBuffer field;

  /// @param messageSize the longest message that the client takes
  DhcpOptions(int messageSize) {
    int size = Math.clamp(messageSize, DEFAULT_MESSAGE_SIZE, LARGEST_MESSAGE_SIZE);
    field = ByteBuffer.allocate(size - FIXED_BYTES);
  }

  DhcpOptions type(DhcpMessageType type) {
    return add(DhcpCode.MESSAGE_TYPE, new byte[] {type.code()});
  }

  DhcpOptions address(int code, Ipv4Address address) {
    return seconds(code, address.bits());
  }

  /// No option where there is no address.
  DhcpOptions addresses(int code, List<Ipv4Address> addresses) {
    ByteBuffer value = ByteBuffer.allocate(4 * addresses.size());
    addresses.forEach(address -> value.putInt(address.bits()));
    return add(code, value.array());
  }

  /// 32 bits.
  DhcpOptions seconds(int code, int value) {
    return add(code, ByteBuffer.allocate(4).putInt(value).array());
  }

  DhcpOptions bytes(int code, byte[] value) {
    return add(code, value);
  }

  /// Routes in RFC 3442's form: as many octets of a prefix as are significant.
  DhcpOptions routes(int code, List<Route> routes) {
    ByteBuffer value = ByteBuffer.allocate(9 * routes.size());
    for (Route route : routes) {
      int length = route.prefix().length();
      value.put((byte) length);
      byte[] octets = ByteBuffer.allocate(4).putInt(route.prefix().network().bits()).array();
      value.put(octets, 0, (length + 7) / 8).putInt(route.router().bits());
    }
    return add(code, Arrays.copyOf(value.array(), value.position()));
  }

  record Route(Ipv4Prefix prefix, Ipv4Address router) {}

  /// 16 bits.
  DhcpOptions bytes(int code, int value) {
    return add(code, ByteBuffer.allocate(2).putShort((short) value).array());
  }

  DhcpOptions text(int code, String text) {
    return add(code, text.getBytes(StandardCharsets.US_ASCII));
  }

  DhcpOptions copy(int code, List<Byte> value) {
    ByteBuffer copied = ByteBuffer.allocate(value.size());
    value.forEach(copied::put);
    return add(code, copied.array());
  }

  private DhcpOptions add(int code, byte[] value) {
    if (value.length > 0 && value.length <= 255 && field.remaining() >= value.length + 2) {
      field.put((byte) code).put((byte) value.length).put(value);
    }
    return this;
  }

  /// The field as it stands in the message, end mark included.
  byte[] encoded() {
    ByteBuffer encoded = ByteBuffer.allocate(field.position() + 1);
    encoded.put(field.array(), 0, field.position()).put((byte) DhcpCode.END);
    return encoded.array();
  }
}

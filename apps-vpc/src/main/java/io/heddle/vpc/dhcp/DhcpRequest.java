package io.heddle.vpc.dhcp;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A client's DHCP message, out of the Ethernet frame that it came in.
///
/// @param source the frame's sender
/// @param client `chaddr`: whom the message speaks for
/// @param broadcast the client can't take unicast before it has an address
/// @param current `ciaddr`: the address that the client has and uses, or 0.0.0.0
/// @param options by code, those of the options field; an option that comes in parts is put
///   together (RFC 3396)
record DhcpRequest(
    MacAddress source,
    MacAddress client,
    int transaction,
    boolean broadcast,
    Ipv4Address current,
    DhcpMessageType type,
    Map<Integer, List<Byte>> options) {

  static final Ipv4Address NO_ADDRESS = new Ipv4Address(0);

  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final int UDP = 17;

  /// From `op` to the magic cookie, both included.
  static final int BOOTP_HEADER = 240;

  static final int MAGIC_COOKIE = 0x63825363;
  private static final int BOOT_REQUEST = 1;
  private static final int BROADCAST_FLAG = 0x8000;

  DhcpRequest {
    options = Map.copyOf(options);
  }

  /// Reads a frame. Checksums are not looked at: a VM may leave them to hardware that it does not
  /// have.
  ///
  /// @return nothing where the frame is not, wholly and plainly, a DHCP client's message
  static Optional<DhcpRequest> parse(byte[] frame) {
    if (frame.length < ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER + BOOTP_HEADER) {
      return Optional.empty();
    }
    ByteBuffer ethernet = ByteBuffer.wrap(frame);
    return ipPayload(ethernet)
        .flatMap(DhcpRequest::udpPayload)
        .filter(bootp -> bootp.remaining() >= BOOTP_HEADER)
        .flatMap(bootp -> message(macAt(ethernet, 6), bootp));
  }

  /// What an unfragmented IPv4 packet of UDP carries.
  private static Optional<ByteBuffer> ipPayload(ByteBuffer frame) {
    ByteBuffer ip = frame.slice(ETHERNET_HEADER, frame.limit() - ETHERNET_HEADER);
    int header = (ip.get(0) & 0x0f) * 4;
    int total = ip.getShort(2) & 0xffff;
    boolean fragment = (ip.getShort(6) & 0x3fff) != 0;
    boolean plain =
        frame.getShort(12) == 0x0800
            && (ip.get(0) & 0xf0) == 0x40
            && header >= IPV4_HEADER
            && total >= header + UDP_HEADER
            && total <= ip.limit()
            && !fragment
            && ip.get(9) == UDP;
    return plain ? Optional.of(ip.slice(header, total - header)) : Optional.empty();
  }

  private static Optional<ByteBuffer> udpPayload(ByteBuffer udp) {
    int length = udp.getShort(4) & 0xffff;
    boolean plain =
        udp.getShort(0) == DhcpReply.CLIENT_PORT
            && udp.getShort(2) == DhcpReply.SERVER_PORT
            && length >= UDP_HEADER
            && length <= udp.limit();
    return plain ? Optional.of(udp.slice(UDP_HEADER, length - UDP_HEADER)) : Optional.empty();
  }

  private static Optional<DhcpRequest> message(MacAddress source, ByteBuffer bootp) {
    boolean direct = bootp.getInt(24) == 0; // giaddr: no relay stands between a VM and us
    boolean ethernet = bootp.get(1) == 1 && bootp.get(2) == 6;
    if (bootp.get(0) != BOOT_REQUEST
        || !ethernet
        || !direct
        || bootp.getInt(BOOTP_HEADER - 4) != MAGIC_COOKIE) {
      return Optional.empty();
    }
    return options(bootp.slice(BOOTP_HEADER, bootp.limit() - BOOTP_HEADER))
        .flatMap(options ->
            type(options)
                .map(type ->
                    new DhcpRequest(
                        source,
                        macAt(bootp, 28),
                        bootp.getInt(4),
                        (bootp.getShort(10) & BROADCAST_FLAG) != 0,
                        new Ipv4Address(bootp.getInt(12)),
                        type,
                        options)));
  }

  /// @return nothing where an option is longer than what is left of the message
  private static Optional<Map<Integer, List<Byte>>> options(ByteBuffer field) {
    Map<Integer, List<Byte>> options = new HashMap<>();
    while (field.hasRemaining()) {
      int code = field.get() & 0xff;
      if (code == DhcpCode.END) {
        break;
      }
      if (code == DhcpCode.PAD) {
        continue;
      }
      int length = field.hasRemaining() ? field.get() & 0xff : Integer.MAX_VALUE;
      if (length > field.remaining()) {
        return Optional.empty();
      }
      List<Byte> value = Bytes.take(field, length);
      options.merge(code, value, Bytes::joined);
    }
    return Optional.of(options);
  }

  private static Optional<DhcpMessageType> type(Map<Integer, List<Byte>> options) {
    List<Byte> value = options.getOrDefault(DhcpCode.MESSAGE_TYPE, List.of());
    return value.size() == 1 ? DhcpMessageType.of(value.getFirst()) : Optional.empty();
  }

  private static MacAddress macAt(ByteBuffer bytes, int offset) {
    return new MacAddress(
        ((bytes.getShort(offset) & 0xffffL) << 32) | (bytes.getInt(offset + 2) & 0xffff_ffffL));
  }

  Optional<Ipv4Address> requested() {
    return address(DhcpCode.REQUESTED_ADDRESS);
  }

  Optional<Ipv4Address> server() {
    return address(DhcpCode.SERVER_ID);
  }

  private Optional<Ipv4Address> address(int code) {
    return number(code, 4).map(Ipv4Address::new);
  }

  /// The longest DHCP message, its IP and UDP headers included, that the client takes, where it
  /// says so.
  Optional<Integer> maxMessageSize() {
    return number(DhcpCode.MAX_MESSAGE_SIZE, 2);
  }

  private Optional<Integer> number(int code, int bytes) {
    List<Byte> value = options.getOrDefault(code, List.of());
    return value.size() == bytes ? Optional.of(Bytes.number(value)) : Optional.empty();
  }
}

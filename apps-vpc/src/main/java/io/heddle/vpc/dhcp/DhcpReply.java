package io.heddle.vpc.dhcp;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.pipeline.Overlay;
import java.nio.ByteBuffer;

/// A server's message and the way it goes: the gateway says it, from the gateways' MAC.
///
/// @param current `ciaddr`: the address that the client uses already, or 0.0.0.0
/// @param yours `yiaddr`: the address that the client is told to use, or 0.0.0.0
/// @param to where the IP packet goes
record DhcpReply(
    DhcpRequest request,
    Ipv4Address from,
    Ipv4Address current,
    Ipv4Address yours,
    Ipv4Address to,
    DhcpOptions options) {

  static final short SERVER_PORT = 67;
  static final short CLIENT_PORT = 68;
  static final Ipv4Address EVERYBODY = new Ipv4Address(-1);

  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final int UDP = 17;
  private static final int TTL = 64;
  private static final int BOOT_REPLY = 2;

  /// Some clients take no message shorter than BOOTP's 300 bytes (RFC 951).
  private static final int SHORTEST_MESSAGE = 300;

  /// The Ethernet frame, checksums and all.
  byte[] frame() {
    byte[] message = message();
    int udpLength = UDP_HEADER + message.length;
    ByteBuffer frame = ByteBuffer.allocate(ETHERNET_HEADER + IPV4_HEADER + udpLength);
    putMac(frame, to.equals(EVERYBODY) ? MacAddress.BROADCAST : request.client());
    putMac(frame, Overlay.GATEWAY_MAC);
    frame.putShort((short) 0x0800);
    putIpv4Header(frame, udpLength);
    frame.putShort(SERVER_PORT).putShort(CLIENT_PORT);
    frame.putShort((short) udpLength).putShort((short) 0).put(message);
    ByteBuffer udp = frame.slice(ETHERNET_HEADER + IPV4_HEADER, udpLength);
    int checksum = checksum(pseudoHeader(udpLength), udp);
    udp.putShort(6, (short) (checksum == 0 ? 0xffff : checksum));
    return frame.array();
  }

  private void putIpv4Header(ByteBuffer frame, int udpLength) {
    ByteBuffer header = ByteBuffer.allocate(IPV4_HEADER);
    header.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_HEADER + udpLength));
    header.putInt(0); // one packet, never fragmented: no identification needed
    header.put((byte) TTL).put((byte) UDP).putShort((short) 0);
    header.putInt(from.bits()).putInt(to.bits());
    header.putShort(10, (short) checksum(header.duplicate().clear()));
    frame.put(header.array());
  }

  private ByteBuffer pseudoHeader(int udpLength) {
    return ByteBuffer.allocate(12)
        .putInt(from.bits())
        .putInt(to.bits())
        .putShort((short) UDP)
        .putShort((short) udpLength)
        .flip();
  }

  /// The Internet checksum (RFC 1071).
  private static int checksum(ByteBuffer... parts) {
    int sum = 0;
    for (ByteBuffer part : parts) {
      while (part.remaining() > 1) {
        sum += part.getShort() & 0xffff;
      }
      if (part.hasRemaining()) {
        sum += (part.get() & 0xff) << 8;
      }
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }

  private byte[] message() {
    byte[] encoded = options.encoded();
    int length = Math.max(SHORTEST_MESSAGE, DhcpRequest.BOOTP_HEADER + encoded.length);
    ByteBuffer message = ByteBuffer.allocate(length);
    message.put((byte) BOOT_REPLY).put((byte) 1).put((byte) 6).put((byte) 0);
    message.putInt(request.transaction());
    message.putShort((short) 0).putShort((short) (request.broadcast() ? 0x8000 : 0));
    message.putInt(current.bits()).putInt(yours.bits());
    message.putInt(0).putInt(0); // siaddr: there is nothing to boot from; giaddr: no relay
    putMac(message, request.client());
    message.position(DhcpRequest.BOOTP_HEADER - 4);
    message.putInt(DhcpRequest.MAGIC_COOKIE).put(encoded);
    return message.array();
  }

  private static void putMac(ByteBuffer into, MacAddress mac) {
    into.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits());
  }
}

package io.heddle.vpc.dhcp;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.pipeline.Overlay;
import io.heddle.vpc.frame.Ethernet;
import io.heddle.vpc.frame.InternetChecksum;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
    Boot boot,
    DhcpOptions options) {

  /// What to boot, where a machine boots from the network.
  ///
  /// @param server `siaddr`: who has the file, or 0.0.0.0
  /// @param file its name, or empty
  record Boot(Ipv4Address server, String file) {
    static final Boot NOTHING = new Boot(DhcpRequest.NO_ADDRESS, "");
  }

  static final short SERVER_PORT = 67;
  static final short CLIENT_PORT = 68;
  static final Ipv4Address EVERYBODY = new Ipv4Address(-1);

  private static final int IPV4_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final int UDP = 17;
  private static final int TTL = 64;
  private static final int BOOT_REPLY = 2;

  private static final int BOOT_FILE_AT = 108;

  /// Some clients take no message shorter than BOOTP's 300 bytes (RFC 951).
  private static final int SHORTEST_MESSAGE = 300;

  /// The Ethernet frame, checksums and all.
  byte[] frame() {
    byte[] message = message();
    int udpLength = UDP_HEADER + message.length;
    ByteBuffer frame = ByteBuffer.allocate(Ethernet.HEADER_BYTES + IPV4_HEADER + udpLength);
    Ethernet.put(frame, to.equals(EVERYBODY) ? MacAddress.BROADCAST : request.client());
    Ethernet.put(frame, Overlay.GATEWAY_MAC);
    frame.putShort((short) 0x0800);
    putIpv4Header(frame, udpLength);
    frame.putShort(SERVER_PORT).putShort(CLIENT_PORT);
    frame.putShort((short) udpLength).putShort((short) 0).put(message);
    ByteBuffer udp = frame.slice(Ethernet.HEADER_BYTES + IPV4_HEADER, udpLength);
    int checksum = InternetChecksum.of(pseudoHeader(udpLength), udp);
    udp.putShort(6, (short) (checksum == 0 ? 0xffff : checksum));
    return frame.array();
  }

  private void putIpv4Header(ByteBuffer frame, int udpLength) {
    ByteBuffer header = ByteBuffer.allocate(IPV4_HEADER);
    header.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_HEADER + udpLength));
    header.putInt(0); // one packet, never fragmented: no identification needed
    header.put((byte) TTL).put((byte) UDP).putShort((short) 0);
    header.putInt(from.bits()).putInt(to.bits());
    header.putShort(10, (short) InternetChecksum.of(header.duplicate().clear()));
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

  private byte[] message() {
    byte[] encoded = options.encoded();
    int length = Math.max(SHORTEST_MESSAGE, DhcpRequest.BOOTP_HEADER + encoded.length);
    ByteBuffer message = ByteBuffer.allocate(length);
    message.put((byte) BOOT_REPLY).put((byte) 1).put((byte) 6).put((byte) 0);
    message.putInt(request.transaction());
    message.putShort((short) 0).putShort((short) (request.broadcast() ? 0x8000 : 0));
    message.putInt(current.bits()).putInt(yours.bits());
    message.putInt(boot.server().bits()).putInt(0); // giaddr: no relay
    Ethernet.put(message, request.client());
    message.put(BOOT_FILE_AT, boot.file().getBytes(StandardCharsets.US_ASCII));
    message.position(DhcpRequest.BOOTP_HEADER - 4);
    message.putInt(DhcpRequest.MAGIC_COOKIE).put(encoded);
    return message.array();
  }
}

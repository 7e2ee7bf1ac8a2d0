package io.heddle.vpc.dhcp;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// What a VM's DHCP client puts on the wire, field by field; checksums are left to hardware, as VMs
/// do.
final class ClientFrame {

  static final int TRANSACTION = 0x1badcafe;

  final MacAddress source;
  MacAddress client;
  int flags;
  int ciaddr;
  int giaddr;
  private final ByteArrayOutputStream options = new ByteArrayOutputStream();

  ClientFrame(MacAddress source, DhcpMessageType type) {
    this.source = source;
    this.client = source;
    option(DhcpCode.MESSAGE_TYPE, type.code());
  }

  ClientFrame option(int code, byte... value) {
    options.write(code);
    options.write(value.length);
    options.writeBytes(value);
    return this;
  }

  ClientFrame address(int code, Ipv4Address address) {
    return option(code, ByteBuffer.allocate(4).putInt(address.bits()).array());
  }

  ClientFrame uses(Ipv4Address address) {
    ciaddr = address.bits();
    return this;
  }

  byte[] bytes() {
    int udpLength = 8 + 240 + options.size() + 1;
    ByteBuffer frame = ByteBuffer.allocate(14 + 20 + udpLength);
    mac(frame, MacAddress.BROADCAST);
    mac(frame, source);
    frame.putShort((short) 0x0800);
    frame.put((byte) 0x45).put((byte) 0).putShort((short) (20 + udpLength)).putInt(0);
    frame.put((byte) 64).put((byte) 17).putShort((short) 0).putInt(ciaddr).putInt(-1);
    frame.putShort((short) 68).putShort((short) 67).putShort((short) udpLength);
    frame.putShort((short) 0);
    frame.put((byte) 1).put((byte) 1).put((byte) 6).put((byte) 0).putInt(TRANSACTION);
    frame.putShort((short) 0).putShort((short) flags).putInt(ciaddr).putInt(0).putInt(0);
    frame.putInt(giaddr);
    mac(frame, client);
    frame.position(14 + 20 + 8 + 236).putInt(DhcpRequest.MAGIC_COOKIE);
    return frame.put(options.toByteArray()).put((byte) DhcpCode.END).array();
  }

  private static void mac(ByteBuffer frame, MacAddress mac) {
    frame.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits());
  }
}

package io.heddle.vpc.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A server's answer as a client reads it. Reading one checks its lengths and checksums.
record ServerFrame(
    MacAddress source,
    MacAddress target,
    Ipv4Address from,
    Ipv4Address to,
    int transaction,
    Ipv4Address current,
    Ipv4Address yours,
    Map<Integer, byte[]> options) {

  static ServerFrame read(byte[] bytes) {
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    assertEquals(0x0800, frame.getShort(12));
    assertEquals(0x45, frame.get(14));
    assertEquals(bytes.length - 14, frame.getShort(16));
    assertEquals(0xffff, sum(bytes, 14, 34), "IPv4 checksum");
    assertEquals(67, frame.getShort(34));
    assertEquals(68, frame.getShort(36));
    int udpLength = bytes.length - 34;
    assertEquals(udpLength, frame.getShort(38));
    int pseudo = sum(bytes, 26, 34) + 17 + udpLength;
    assertEquals(0xffff, fold(pseudo + sum(bytes, 34, bytes.length)), "UDP checksum");
    assertEquals(2, frame.get(42), "a reply");
    assertEquals(DhcpRequest.MAGIC_COOKIE, frame.getInt(42 + 236));
    Map<Integer, byte[]> options = new HashMap<>();
    int at = 42 + 240;
    while ((bytes[at] & 0xff) != DhcpCode.END) {
      int length = bytes[at + 1] & 0xff;
      options.put(bytes[at] & 0xff, Arrays.copyOfRange(bytes, at + 2, at + 2 + length));
      at += 2 + length;
    }
    return new ServerFrame(
        mac(frame, 6),
        mac(frame, 0),
        new Ipv4Address(frame.getInt(26)),
        new Ipv4Address(frame.getInt(30)),
        frame.getInt(46),
        new Ipv4Address(frame.getInt(42 + 12)),
        new Ipv4Address(frame.getInt(42 + 16)),
        options);
  }

  private static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
    }
    return fold(sum);
  }

  private static int fold(int sum) {
    return sum >>> 16 == 0 ? sum : fold((sum & 0xffff) + (sum >>> 16));
  }

  private static MacAddress mac(ByteBuffer frame, int at) {
    return new MacAddress(
        (frame.getShort(at) & 0xffffL) << 32 | frame.getInt(at + 2) & 0xffff_ffffL);
  }

  DhcpMessageType type() {
    return DhcpMessageType.of(options.get(DhcpCode.MESSAGE_TYPE)[0]).orElseThrow();
  }

  /// An option of 32 bits.
  int number(int code) {
    return ByteBuffer.wrap(options.get(code)).getInt();
  }

  Ipv4Address address(int code) {
    return new Ipv4Address(number(code));
  }
}

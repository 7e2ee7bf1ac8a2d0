package io.heddle.vpc.icmp;

import io.heddle.core.flow.Match;
import java.util.Arrays;
import java.util.Set;

/// The packet that an error is about, if errors may be about it: none is about an error, a later
/// fragment, or what came from or went to more than one (RFC 1122 §3.2.2, RFC 4443 §2.4).
sealed interface Quoted {

  int ETHERNET = 14;

  /// @param packet from the IP header on
  @SuppressWarnings("ArrayRecordComponent") // bytes of a frame; nobody compares them
  record Ipv4(byte[] packet, byte[] source) implements Quoted {}

  /// @param packet from the IP header on
  @SuppressWarnings("ArrayRecordComponent") // bytes of a frame; nobody compares them
  record Ipv6(byte[] packet, byte[] source) implements Quoted {}

  /// Nothing that anybody is told of.
  record Nothing() implements Quoted {}

  static Quoted of(byte[] frame) {
    if (frame.length < ETHERNET) {
      return new Nothing();
    }
    byte[] packet = Arrays.copyOfRange(frame, ETHERNET, frame.length);
    return switch (shortAt(frame, ETHERNET - 2)) {
      case Match.ETH_TYPE_IPV4 ->
          Ipv4Header.isQuotable(packet)
              ? new Ipv4(Ipv4Header.trimmed(packet), Arrays.copyOfRange(packet, 12, 16))
              : new Nothing();
      case Match.ETH_TYPE_IPV6 ->
          Ipv6Header.isQuotable(packet)
              ? new Ipv6(Ipv6Header.trimmed(packet), Arrays.copyOfRange(packet, 8, 24))
              : new Nothing();
      default -> new Nothing();
    };
  }

  static int shortAt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  /// RFC 791.
  final class Ipv4Header {
    static final int LENGTH = 20;
    private static final Set<Integer> NO_ERRORS = Set.of(0, 8, 13, 14);

    private Ipv4Header() {}

    static boolean isQuotable(byte[] packet) {
      if (packet.length < LENGTH || packet[0] >> 4 != 4) {
        return false;
      }
      int header = (packet[0] & 0xf) * 4;
      boolean whole = header >= LENGTH && shortAt(packet, 2) >= header && packet.length > header;
      boolean laterFragment = (shortAt(packet, 6) & 0x1fff) != 0;
      return whole
          && !laterFragment
          && isOne(packet, 12)
          && isOne(packet, 16)
          && (packet[9] != Match.ICMP || NO_ERRORS.contains(packet[header] & 0xff));
    }

    /// Neither "this network" nor loopback, multicast, reserved or everybody.
    private static boolean isOne(byte[] packet, int at) {
      int first = packet[at] & 0xff;
      return first != 0 && first != 127 && first < 224;
    }

    /// Without what fills the frame up.
    static byte[] trimmed(byte[] packet) {
      return Arrays.copyOf(packet, Math.min(packet.length, shortAt(packet, 2)));
    }
  }

  /// RFC 8200.
  final class Ipv6Header {
    static final int LENGTH = 40;
    private static final int FRAGMENT = 44;
    private static final int FIRST_INFORMATIONAL = 128;
    private static final int REDIRECT = 137;

    private Ipv6Header() {}

    static boolean isQuotable(byte[] packet) {
      if (packet.length <= LENGTH || (packet[0] & 0xff) >> 4 != 6) {
        return false;
      }
      int next = packet[6] & 0xff;
      boolean multicast = packet[8] == (byte) 0xff || packet[24] == (byte) 0xff;
      boolean nobody = isZero(packet, 8);
      return !multicast
          && !nobody
          && !(next == FRAGMENT && isLater(packet))
          && !isError(packet, next);
    }

    private static boolean isZero(byte[] packet, int at) {
      for (int i = at; i < at + 16; i++) {
        if (packet[i] != 0) {
          return false;
        }
      }
      return true;
    }

    private static boolean isLater(byte[] packet) {
      return packet.length < LENGTH + 4 || (shortAt(packet, LENGTH + 2) & 0xfff8) != 0;
    }

    private static boolean isError(byte[] packet, int next) {
      int type = packet[LENGTH] & 0xff;
      return next == Match.ICMPV6 && (type < FIRST_INFORMATIONAL || type == REDIRECT);
    }

    /// Without what fills the frame up.
    static byte[] trimmed(byte[] packet) {
      return Arrays.copyOf(packet, Math.min(packet.length, LENGTH + shortAt(packet, 4)));
    }
  }
}

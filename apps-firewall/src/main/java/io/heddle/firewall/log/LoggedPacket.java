package io.heddle.firewall.log;

import io.heddle.core.flow.Match;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Who spoke to whom, and of what: the headers of an IP packet as a log names it.
///
/// @param protocol its IANA number
/// @param sourcePort of TCP, UDP and SCTP; of ICMP and ICMPv6 the type; -1 where there is none, as
///   in a later fragment
/// @param targetPort of TCP, UDP and SCTP; of ICMP and ICMPv6 the code; -1 where there is none
public record LoggedPacket(
    IpAddress source, IpAddress target, int protocol, int sourcePort, int targetPort) {

  private static final int MACS = 12;
  private static final int IHL_BITS = 0xf;
  private static final int FRAGMENT_OFFSET_BITS = 0x1fff;
  private static final int IPV6_OFFSET_SHIFT = 3;
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION = 60;
  private static final int SCTP = 132;
  private static final int UNIT = 8;

  /// Reads a frame, or the beginning of one. It comes from a VM: it may be garbage.
  ///
  /// @return nothing where it is no IP packet
  public static Optional<LoggedPacket> read(byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    try {
      bytes.position(MACS);
      return switch (Short.toUnsignedInt(bytes.getShort())) {
        case Match.ETH_TYPE_IPV4 -> Optional.of(ipv4(bytes.slice()));
        case Match.ETH_TYPE_IPV6 -> Optional.of(ipv6(bytes.slice()));
        default -> Optional.empty();
      };
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static LoggedPacket ipv4(ByteBuffer packet) {
    int header = (packet.get(0) & IHL_BITS) * 4;
    boolean later = (packet.getShort(6) & FRAGMENT_OFFSET_BITS) != 0;
    int protocol = Byte.toUnsignedInt(packet.get(9));
    Ipv4Address source = new Ipv4Address(packet.getInt(12));
    Ipv4Address target = new Ipv4Address(packet.getInt(16));
    if (later) {
      return new LoggedPacket(source, target, protocol, -1, -1);
    }
    packet.position(header);
    return withPorts(source, target, protocol, packet);
  }

  private static LoggedPacket ipv6(ByteBuffer packet) {
    int next = Byte.toUnsignedInt(packet.get(6));
    Ipv6Address source = new Ipv6Address(packet.getLong(8), packet.getLong(16));
    Ipv6Address target = new Ipv6Address(packet.getLong(24), packet.getLong(32));
    packet.position(40);
    while (next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == DESTINATION) {
      int start = packet.position();
      int after = Byte.toUnsignedInt(packet.get());
      int units = Byte.toUnsignedInt(packet.get());
      if (next == FRAGMENT && packet.getShort() >>> IPV6_OFFSET_SHIFT != 0) {
        return new LoggedPacket(source, target, after, -1, -1);
      }
      packet.position(next == FRAGMENT ? start + UNIT : start + UNIT + units * UNIT);
      next = after;
    }
    return withPorts(source, target, next, packet);
  }

  private static LoggedPacket withPorts(
      IpAddress source, IpAddress target, int protocol, ByteBuffer rest) {
    return switch (protocol) {
      case Match.TCP, Match.UDP, SCTP ->
          new LoggedPacket(
              source,
              target,
              protocol,
              Short.toUnsignedInt(rest.getShort()),
              Short.toUnsignedInt(rest.getShort()));
      case Match.ICMP, Match.ICMPV6 ->
          new LoggedPacket(
              source,
              target,
              protocol,
              Byte.toUnsignedInt(rest.get()),
              Byte.toUnsignedInt(rest.get()));
      default -> new LoggedPacket(source, target, protocol, -1, -1);
    };
  }
}

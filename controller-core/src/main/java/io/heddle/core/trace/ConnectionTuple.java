package io.heddle.core.trace;

import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv6Address;
import org.jspecify.annotations.Nullable;

/// One direction of a connection.
///
/// @param sourcePort TCP or UDP port; of an ICMP exchange its id; 0 of other protocols
/// @param targetPort TCP or UDP port; of an ICMP exchange the type of this direction's messages
public record ConnectionTuple(Packet.Path path, int protocol, int sourcePort, int targetPort) {

  private static final int TIMESTAMP = 13;
  private static final int TIMESTAMP_REPLY = 14;
  private static final int INFORMATION = 15;
  private static final int INFORMATION_REPLY = 16;

  /// @return null for an ICMP message that is neither question nor answer, which connection
  ///   tracking calls invalid
  static @Nullable ConnectionTuple of(Packet packet) {
    Packet.Path path = packet.path();
    int protocol = (int) packet.get(Header.IP_PROTO);
    return switch (protocol) {
      case Match.TCP ->
          new ConnectionTuple(
              path, protocol, number(packet, Header.TCP_SRC), number(packet, Header.TCP_DST));
      case Match.UDP ->
          new ConnectionTuple(
              path, protocol, number(packet, Header.UDP_SRC), number(packet, Header.UDP_DST));
      case Match.ICMP -> ofIcmp(packet, path);
      case Match.ICMPV6 -> ofIcmpv6(packet, path);
      default -> new ConnectionTuple(path, protocol, 0, 0);
    };
  }

  private static @Nullable ConnectionTuple ofIcmp(Packet packet, Packet.Path path) {
    int type = number(packet, Header.ICMP_TYPE);
    return packet.get(Header.ICMP_CODE) != 0 || answer(type) < 0
        ? null
        : new ConnectionTuple(path, Match.ICMP, packet.icmpId(), type);
  }

  private static @Nullable ConnectionTuple ofIcmpv6(Packet packet, Packet.Path path) {
    int type = number(packet, Header.ICMPV6_TYPE);
    return packet.get(Header.ICMPV6_CODE) != 0 || answerv6(type) < 0
        ? null
        : new ConnectionTuple(path, Match.ICMPV6, packet.icmpId(), type);
  }

  private static int answerv6(int type) {
    return switch (type) {
      case Packet.ICMPV6_ECHO -> Packet.ICMPV6_ECHO_REPLY;
      case Packet.ICMPV6_ECHO_REPLY -> Packet.ICMPV6_ECHO;
      default -> -1;
    };
  }

  private static int number(Packet packet, Header header) {
    return (int) packet.get(header);
  }

  ConnectionTuple reversed() {
    return switch (protocol) {
      case Match.ICMP ->
          new ConnectionTuple(path.reversed(), protocol, sourcePort, answer(targetPort));
      case Match.ICMPV6 ->
          new ConnectionTuple(path.reversed(), protocol, sourcePort, answerv6(targetPort));
      default -> new ConnectionTuple(path.reversed(), protocol, targetPort, sourcePort);
    };
  }

  /// Whether an ICMP message of this type may open a connection.
  static boolean isQuery(int icmpType) {
    return icmpType == Packet.ICMP_ECHO || icmpType == TIMESTAMP || icmpType == INFORMATION;
  }

  private static int answer(int type) {
    return switch (type) {
      case Packet.ICMP_ECHO -> Packet.ICMP_ECHO_REPLY;
      case Packet.ICMP_ECHO_REPLY -> Packet.ICMP_ECHO;
      case TIMESTAMP -> TIMESTAMP_REPLY;
      case TIMESTAMP_REPLY -> TIMESTAMP;
      case INFORMATION -> INFORMATION_REPLY;
      case INFORMATION_REPLY -> INFORMATION;
      default -> -1;
    };
  }

  /// The packet with this as its connection's original direction. Of ICMP the ports are type and
  /// code.
  Packet writtenTo(Packet packet) {
    boolean icmp = protocol == Match.ICMP || protocol == Match.ICMPV6;
    return clearedFrom(packet)
        .with(Header.CT_NW_PROTO, protocol)
        .with(path.isIpv6() ? Header.CT_IPV6_SRC_HIGH : Header.CT_NW_SRC, path.source())
        .with(path.isIpv6() ? Header.CT_IPV6_DST_HIGH : Header.CT_NW_DST, path.target())
        .with(Header.CT_TP_SRC, icmp ? targetPort : sourcePort)
        .with(Header.CT_TP_DST, icmp ? 0 : targetPort);
  }

  /// No connection.
  static Packet clearedFrom(Packet packet) {
    return packet
        .with(Header.CT_NW_PROTO, 0)
        .with(Header.CT_NW_SRC, 0)
        .with(Header.CT_NW_DST, 0)
        .with(Header.CT_IPV6_SRC_HIGH, Ipv6Address.UNSPECIFIED)
        .with(Header.CT_IPV6_DST_HIGH, Ipv6Address.UNSPECIFIED)
        .with(Header.CT_TP_SRC, 0)
        .with(Header.CT_TP_DST, 0);
  }
}

package io.heddle.firewall.rule;

import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Service;
import io.heddle.firewall.policy.PortMasks;
import io.heddle.firewall.policy.PortMasks.PortMask;
import java.util.ArrayList;
import java.util.List;

/// A service as matches, any of which will do.
final class ServiceMatches {

  private ServiceMatches() {}

  /// By what connection tracking knows of the connection's first packet: so it is the same for
  /// every packet of the connection, either way, ICMP errors included. For ICMP it keeps the type
  /// where others have the source port and the code where they have the destination port.
  static List<Match> ofConnection(Service service) {
    return switch (service) {
      case Service.Any() -> List.of(Match.ANY);
      case Service.Tcp(var range) -> ports(tracked(Match.TCP), Header.CT_TP_DST, range);
      case Service.Udp(var range) -> ports(tracked(Match.UDP), Header.CT_TP_DST, range);
      case Service.Icmp(int type, int code) ->
          List.of(icmp(Match.IPV4.and(tracked(Match.ICMP)), type, code));
      case Service.Icmpv6(int type, int code) ->
          List.of(icmp(Match.IPV6.and(tracked(Match.ICMPV6)), type, code));
      case Service.Protocol(int number) -> List.of(tracked(number));
    };
  }

  /// By the packet's own headers, where nothing is known of connections.
  ///
  /// @param family IPv4 or IPv6
  static List<Match> ofPacket(Service service, Match family) {
    return switch (service) {
      case Service.Any() -> List.of(family);
      case Service.Tcp(var range) -> ports(protocol(family, Match.TCP), Header.TCP_DST, range);
      case Service.Udp(var range) -> ports(protocol(family, Match.UDP), Header.UDP_DST, range);
      case Service.Icmp(int type, int code) ->
          List.of(
              Match.allOf(
                  protocol(family, Match.ICMP),
                  optional(Header.ICMP_TYPE, type),
                  optional(Header.ICMP_CODE, code)));
      case Service.Icmpv6(int type, int code) ->
          List.of(
              Match.allOf(
                  protocol(family, Match.ICMPV6),
                  optional(Header.ICMPV6_TYPE, type),
                  optional(Header.ICMPV6_CODE, code)));
      case Service.Protocol(int number) -> List.of(protocol(family, number));
    };
  }

  private static Match icmp(Match base, int type, int code) {
    return Match.allOf(base, optional(Header.CT_TP_SRC, type), optional(Header.CT_TP_DST, code));
  }

  private static Match tracked(int protocol) {
    return Match.of(Header.CT_NW_PROTO, protocol);
  }

  private static Match protocol(Match family, int number) {
    return family.and(Match.of(Header.IP_PROTO, number));
  }

  private static Match optional(Header header, int value) {
    return value < 0 ? Match.ANY : Match.of(header, value);
  }

  private static List<Match> ports(Match protocol, Header port, Service.PortRange range) {
    List<Match> matches = new ArrayList<>();
    for (PortMask mask : PortMasks.of(range)) {
      matches.add(protocol.and(Match.of(port, mask.value(), mask.mask())));
    }
    return matches;
  }
}

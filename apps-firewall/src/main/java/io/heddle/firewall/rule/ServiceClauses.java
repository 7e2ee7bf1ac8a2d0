package io.heddle.firewall.rule;

import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Service;
import io.heddle.firewall.policy.PortMasks;
import io.heddle.firewall.policy.PortMasks.PortMask;
import java.util.ArrayList;
import java.util.List;

/// A service as matches, any of which will do.
final class ServiceClauses {

  private ServiceClauses() {}

  /// By the packet's own headers: what the first packet of a connection, and all later ones the
  /// same way, look like.
  static List<Match> ofPacket(Service service) {
    return switch (service) {
      case Service.Any() -> List.of(Match.IPV4);
      case Service.Tcp(var range) -> ports(Match.ipProtocol(Match.TCP), Header.TCP_DST, range);
      case Service.Udp(var range) -> ports(Match.ipProtocol(Match.UDP), Header.UDP_DST, range);
      case Service.Icmp(int type, int code) ->
          List.of(
              Match.allOf(
                  Match.ipProtocol(Match.ICMP),
                  optional(Header.ICMP_TYPE, type),
                  optional(Header.ICMP_CODE, code)));
      case Service.Protocol(int number) -> List.of(Match.ipProtocol(number));
    };
  }

  /// By what connection tracking remembers of the connection's first packet. For ICMP it keeps the
  /// type where others have the source port and the code where they have the destination port.
  static List<Match> ofConnection(Service service) {
    return switch (service) {
      case Service.Any() -> List.of(Match.IPV4);
      case Service.Tcp(var range) -> ports(tracked(Match.TCP), Header.CT_TP_DST, range);
      case Service.Udp(var range) -> ports(tracked(Match.UDP), Header.CT_TP_DST, range);
      case Service.Icmp(int type, int code) ->
          List.of(
              Match.allOf(
                  tracked(Match.ICMP),
                  optional(Header.CT_TP_SRC, type),
                  optional(Header.CT_TP_DST, code)));
      case Service.Protocol(int number) -> List.of(tracked(number));
    };
  }

  private static Match tracked(int protocol) {
    return Match.allOf(Match.IPV4, Match.of(Header.CT_NW_PROTO, protocol));
  }

  private static Match optional(Header header, int value) {
    return value < 0 ? Match.ANY : Match.of(header, value);
  }

  private static List<Match> ports(Match protocol, Header port, Service.PortRange range) {
    List<Match> clauses = new ArrayList<>();
    for (PortMask mask : PortMasks.of(range)) {
      clauses.add(protocol.and(Match.of(port, mask.value(), mask.mask())));
    }
    return clauses;
  }
}

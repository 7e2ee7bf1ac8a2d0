package io.heddle.core.trace;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;

/// Which headers a packet has (`ovs-fields(7)`, "Prerequisites"). Open vSwitch passes over an
/// action that sets or copies a header that is not there.
final class Prerequisites {

  private static final long LATER_FRAGMENT = 2;

  private Prerequisites() {}

  static boolean met(Header header, Headers values) {
    return switch (header) {
      case IP_PROTO, IP_TTL, IP_FRAG, IPV4_SRC, IPV4_DST -> isIpv4(values);
      case TCP_SRC, TCP_DST -> has(values, Match.TCP);
      case UDP_SRC, UDP_DST -> has(values, Match.UDP);
      case ICMP_TYPE, ICMP_CODE -> has(values, Match.ICMP);
      case ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA ->
          values.get(Header.ETH_TYPE) == Match.ETH_TYPE_ARP;
      case CT_NW_SRC, CT_NW_DST -> isIpv4(values) && isTracked(values);
      case CT_NW_PROTO, CT_TP_SRC, CT_TP_DST -> isTracked(values);
      default -> true;
    };
  }

  static boolean isIpv4(Headers values) {
    return values.get(Header.ETH_TYPE) == Match.ETH_TYPE_IPV4;
  }

  private static boolean has(Headers values, int protocol) {
    return isIpv4(values)
        && values.get(Header.IP_PROTO) == protocol
        && (values.get(Header.IP_FRAG) & LATER_FRAGMENT) == 0;
  }

  private static boolean isTracked(Headers values) {
    long known = CtState.NEW.mask() | CtState.ESTABLISHED.mask() | CtState.REPLY.mask();
    return (values.get(Header.CT_STATE) & known) != 0;
  }
}

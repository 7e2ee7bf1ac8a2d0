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
      case IP_PROTO, IP_TTL, IP_FRAG -> isIp(values);
      case IPV4_SRC, IPV4_DST -> isIpv4(values);
      case IPV6_SRC_HIGH, IPV6_SRC_LOW, IPV6_DST_HIGH, IPV6_DST_LOW -> isIpv6(values);
      case TCP_SRC, TCP_DST -> has(values, Match.TCP);
      case UDP_SRC, UDP_DST -> has(values, Match.UDP);
      case ICMP_TYPE, ICMP_CODE -> isIpv4(values) && has(values, Match.ICMP);
      case ICMPV6_TYPE, ICMPV6_CODE -> isIcmpv6(values);
      case ND_TARGET_HIGH, ND_TARGET_LOW, ND_RESERVED, ND_OPTIONS_TYPE ->
          isSolicitation(values) || isAdvertisement(values);
      case ND_SLL -> isSolicitation(values);
      case ND_TLL -> isAdvertisement(values);
      case ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA ->
          values.get(Header.ETH_TYPE) == Match.ETH_TYPE_ARP;
      case CT_NW_SRC, CT_NW_DST -> isIpv4(values) && isTracked(values);
      case CT_IPV6_SRC_HIGH, CT_IPV6_SRC_LOW, CT_IPV6_DST_HIGH, CT_IPV6_DST_LOW ->
          isIpv6(values) && isTracked(values);
      case CT_NW_PROTO, CT_TP_SRC, CT_TP_DST -> isTracked(values);
      default -> true;
    };
  }

  static boolean isIpv4(Headers values) {
    return values.get(Header.ETH_TYPE) == Match.ETH_TYPE_IPV4;
  }

  static boolean isIpv6(Headers values) {
    return values.get(Header.ETH_TYPE) == Match.ETH_TYPE_IPV6;
  }

  static boolean isIp(Headers values) {
    return isIpv4(values) || isIpv6(values);
  }

  private static boolean isIcmpv6(Headers values) {
    return isIpv6(values) && has(values, Match.ICMPV6);
  }

  private static boolean isSolicitation(Headers values) {
    return isIcmpv6(values)
        && values.get(Header.ICMPV6_TYPE) == Packet.ND_SOLICITATION
        && values.get(Header.ICMPV6_CODE) == 0;
  }

  private static boolean isAdvertisement(Headers values) {
    return isIcmpv6(values)
        && values.get(Header.ICMPV6_TYPE) == Packet.ND_ADVERTISEMENT
        && values.get(Header.ICMPV6_CODE) == 0;
  }

  private static boolean has(Headers values, int protocol) {
    return isIp(values)
        && values.get(Header.IP_PROTO) == protocol
        && (values.get(Header.IP_FRAG) & LATER_FRAGMENT) == 0;
  }

  private static boolean isTracked(Headers values) {
    long known = CtState.NEW.mask() | CtState.ESTABLISHED.mask() | CtState.REPLY.mask();
    return (values.get(Header.CT_STATE) & known) != 0;
  }
}

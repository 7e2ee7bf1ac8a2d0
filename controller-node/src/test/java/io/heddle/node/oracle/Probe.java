package io.heddle.node.oracle;

import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;

/// An IP packet as a VM sends it.
record Probe(Ends<MacAddress> link, Ends<IpAddress> path, Traffic traffic, int ttl) {

  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int GRE = 47;
  static final int ICMPV6 = 58;
  static final int ECHO = 8;
  static final int ECHO_REPLY = 0;
  static final int ECHO_V6 = 128;
  static final int ECHO_REPLY_V6 = 129;

  boolean isIpv6() {
    return path.source() instanceof Ipv6Address;
  }

  boolean isEcho() {
    return traffic.targetPort() == (isIpv6() ? ECHO_V6 : ECHO)
        && traffic.protocol() == (isIpv6() ? ICMPV6 : ICMP);
  }

  record Ends<T>(T source, T target) {
    Ends<T> reversed() {
      return new Ends<>(target, source);
    }
  }

  /// @param sourcePort of ICMP, the id of an echo; 0 of GRE
  /// @param targetPort of ICMP, the type; the code is 0
  record Traffic(int protocol, int sourcePort, int targetPort) {
    Traffic reply() {
      return switch (protocol) {
        case ICMP -> new Traffic(ICMP, sourcePort, ECHO_REPLY);
        case ICMPV6 -> new Traffic(ICMPV6, sourcePort, ECHO_REPLY_V6);
        default -> new Traffic(protocol, targetPort, sourcePort);
      };
    }
  }

  /// What the other end answers, if the packet comes to it.
  ///
  /// @param back from whom and to whom: the way back may lead through a gateway
  Probe reply(Ends<MacAddress> back) {
    return new Probe(back, path.reversed(), traffic.reply(), 64);
  }
}

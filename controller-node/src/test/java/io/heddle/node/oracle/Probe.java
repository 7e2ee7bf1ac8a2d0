package io.heddle.node.oracle;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;

/// An IPv4 packet as a VM sends it.
record Probe(Ends<MacAddress> link, Ends<Ipv4Address> path, Traffic traffic, int ttl) {

  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int GRE = 47;
  static final int ICMPV6 = 58;
  static final int ECHO = 8;
  static final int ECHO_REPLY = 0;

  record Ends<T>(T source, T target) {
    Ends<T> reversed() {
      return new Ends<>(target, source);
    }
  }

  /// @param sourcePort of ICMP, the id of an echo; 0 of GRE
  /// @param targetPort of ICMP, the type; the code is 0
  record Traffic(int protocol, int sourcePort, int targetPort) {
    Traffic reply() {
      return protocol == ICMP
          ? new Traffic(ICMP, sourcePort, ECHO_REPLY)
          : new Traffic(protocol, targetPort, sourcePort);
    }
  }

  /// What the other end answers, if the packet comes to it.
  ///
  /// @param back from whom and to whom: the way back may lead through a gateway
  Probe reply(Ends<MacAddress> back) {
    return new Probe(back, path.reversed(), traffic.reply(), 64);
  }
}

package io.heddle.firewall.policy;

import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Service;

/// IPv4, IPv6, or both: what a service or a prefix is of.
public enum Family {
  IPV4,
  IPV6,
  BOTH;

  public static Family of(IpPrefix prefix) {
    return switch (prefix) {
      case Ipv4Prefix v4 -> IPV4;
      case Ipv6Prefix v6 -> IPV6;
    };
  }

  public static Family of(Service service) {
    return switch (service) {
      case Service.Icmp icmp -> IPV4;
      case Service.Icmpv6 icmp -> IPV6;
      case Service.Any any -> BOTH;
      case Service.Tcp tcp -> BOTH;
      case Service.Udp udp -> BOTH;
      case Service.Protocol protocol -> BOTH;
    };
  }

  /// Whether a packet can be of both.
  public boolean meets(Family other) {
    return this == BOTH || other == BOTH || this == other;
  }
}

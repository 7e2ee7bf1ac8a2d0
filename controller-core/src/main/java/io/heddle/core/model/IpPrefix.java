package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;

/// A network in CIDR notation, of either family. The host bits are zero.
public sealed interface IpPrefix permits Ipv4Prefix, Ipv6Prefix {

  @JsonCreator
  static IpPrefix parse(String text) {
    return text.indexOf(':') >= 0 ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text);
  }

  /// Bits that are fixed, counted from the highest.
  int length();

  /// False for every address of the other family.
  boolean contains(IpAddress address);
}

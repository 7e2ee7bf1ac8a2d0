package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;

/// An address of either family.
public sealed interface IpAddress permits Ipv4Address, Ipv6Address {

  @JsonCreator
  static IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
  }

  boolean isMulticast();
}

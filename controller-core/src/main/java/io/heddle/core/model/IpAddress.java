package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Collection;
import java.util.List;

/// An address of either family.
public sealed interface IpAddress permits Ipv4Address, Ipv6Address {

  @JsonCreator
  static IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
  }

  /// Those of one family.
  static <A extends IpAddress> List<A> only(Class<A> family, Collection<? extends IpAddress> all) {
    return all.stream().filter(family::isInstance).map(family::cast).toList();
  }

  boolean isMulticast();
}

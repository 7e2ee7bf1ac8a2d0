package io.heddle.core.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A further sender that a port may speak as: the virtual address of a router pair, for example.
///
/// @param prefix the addresses
/// @param mac null for the port's own
public record AddressPair(IpPrefix prefix, @Nullable MacAddress mac) {

  /// The address, where the prefix is of one alone.
  public Optional<IpAddress> single() {
    return switch (prefix) {
      case Ipv4Prefix v4 when v4.length() == 32 -> Optional.of(v4.network());
      case Ipv6Prefix v6 when v6.length() == 128 -> Optional.of(v6.network());
      case Ipv4Prefix _, Ipv6Prefix _ -> Optional.empty();
    };
  }
}

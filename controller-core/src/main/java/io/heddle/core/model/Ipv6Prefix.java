package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// An IPv6 network in CIDR notation. The host bits are zero: `2001:db8::5/64` is refused, because
/// one of its two parts is a mistake.
public record Ipv6Prefix(Ipv6Address network, int length)
    implements IpPrefix, Comparable<Ipv6Prefix> {

  public static final Ipv6Prefix ANY = new Ipv6Prefix(Ipv6Address.UNSPECIFIED, 0);

  public Ipv6Prefix {
    if (length < 0 || length > 128) {
      throw new IllegalArgumentException(
          "/%d is not a prefix length; IPv6 has 0 to 128".formatted(length));
    }
    if (!masked(network, length).equals(network)) {
      throw new IllegalArgumentException(
          "%s/%d has bits set behind its prefix length; did you mean %s/%d?"
              .formatted(network, length, masked(network, length), length));
    }
  }

  @JsonCreator
  public static Ipv6Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "'%s' is not a CIDR; write an address and a prefix length like 2001:db8::/64"
              .formatted(text));
    }
    return new Ipv6Prefix(
        Ipv6Address.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  public static Ipv6Prefix of(Ipv6Address address, int length) {
    return new Ipv6Prefix(masked(address, length), length);
  }

  private static Ipv6Address masked(Ipv6Address address, int length) {
    return new Ipv6Address(
        address.high() & ones(Math.min(length, 64)),
        address.low() & ones(Math.max(length - 64, 0)));
  }

  private static long ones(int count) {
    return count == 0 ? 0 : -1L << (64 - count);
  }

  /// The mask's bits over the address's first 64.
  public long highMask() {
    return ones(Math.min(length, 64));
  }

  /// The mask's bits over the address's last 64.
  public long lowMask() {
    return ones(Math.max(length - 64, 0));
  }

  @Override
  public boolean contains(IpAddress address) {
    return address instanceof Ipv6Address v6 && masked(v6, length).equals(network);
  }

  public boolean contains(Ipv6Prefix other) {
    return other.length >= length && contains(other.network);
  }

  public boolean overlaps(Ipv6Prefix other) {
    return contains(other) || other.contains(this);
  }

  @Override
  public int compareTo(Ipv6Prefix other) {
    int byNetwork = network.compareTo(other.network);
    return byNetwork != 0 ? byNetwork : Integer.compare(length, other.length);
  }

  @JsonValue
  @Override
  public String toString() {
    return network + "/" + length;
  }
}

package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// An IPv4 network in CIDR notation. The host bits are zero: `10.0.0.5/24` is refused, because one
/// of its two parts is a mistake.
public record Ipv4Prefix(Ipv4Address network, int length)
    implements IpPrefix, Comparable<Ipv4Prefix> {

  public static final Ipv4Prefix ANY = new Ipv4Prefix(new Ipv4Address(0), 0);

  public Ipv4Prefix {
    if (length < 0 || length > 32) {
      throw new IllegalArgumentException(
          "/%d is not a prefix length; IPv4 has 0 to 32".formatted(length));
    }
    if ((network.bits() & ~maskOf(length)) != 0) {
      throw new IllegalArgumentException(
          "%s/%d has bits set behind its prefix length; did you mean %s/%d?"
              .formatted(
                  network, length, new Ipv4Address(network.bits() & maskOf(length)), length));
    }
  }

  @JsonCreator
  public static Ipv4Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
      throw new IllegalArgumentException(
          "'%s' is not a CIDR; write an address and a prefix length like 10.0.0.0/24"
              .formatted(text));
    }
    return new Ipv4Prefix(
        Ipv4Address.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  public static Ipv4Prefix of(Ipv4Address address, int length) {
    return new Ipv4Prefix(new Ipv4Address(address.bits() & maskOf(length)), length);
  }

  private static int maskOf(int length) {
    return length == 0 ? 0 : -1 << (32 - length);
  }

  public int mask() {
    return maskOf(length);
  }

  /// How many addresses it spans, 1 to 2³².
  public long size() {
    return 1L << (32 - length);
  }

  public Ipv4Address broadcast() {
    return new Ipv4Address(network.bits() | ~mask());
  }

  @Override
  public boolean contains(IpAddress address) {
    return address instanceof Ipv4Address v4 && (v4.bits() & mask()) == network.bits();
  }

  public boolean contains(Ipv4Prefix other) {
    return other.length >= length && contains(other.network);
  }

  public boolean overlaps(Ipv4Prefix other) {
    return contains(other) || other.contains(this);
  }

  @Override
  public int compareTo(Ipv4Prefix other) {
    int byNetwork = network.compareTo(other.network);
    return byNetwork != 0 ? byNetwork : Integer.compare(length, other.length);
  }

  @JsonValue
  @Override
  public String toString() {
    return network + "/" + length;
  }
}

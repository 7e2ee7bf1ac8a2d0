package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// An IPv4 address; `bits` holds its four octets in network order. Ordered as unsigned numbers.
public record Ipv4Address(int bits) implements IpAddress, Comparable<Ipv4Address> {

  @JsonCreator
  public static Ipv4Address parse(String text) {
    int bits = 0;
    int octets = 0;
    for (String octet : text.split("\\.", -1)) {
      octets++;
      if (octets > 4 || !isOctet(octet)) {
        throw malformed(text);
      }
      bits = bits << 8 | Integer.parseInt(octet);
    }
    if (octets != 4) {
      throw malformed(text);
    }
    return new Ipv4Address(bits);
  }

  private static boolean isOctet(String text) {
    return text.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(text) <= 255;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'%s' is not an IPv4 address; write four numbers from 0 to 255 like 10.0.0.5"
            .formatted(text));
  }

  public long unsigned() {
    return Integer.toUnsignedLong(bits);
  }

  public Ipv4Address plus(long offset) {
    return new Ipv4Address((int) (unsigned() + offset));
  }

  @Override
  public boolean isMulticast() {
    return bits >>> 28 == 0xe;
  }

  public boolean isLoopback() {
    return bits >>> 24 == 127;
  }

  @Override
  public int compareTo(Ipv4Address other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @JsonValue
  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}

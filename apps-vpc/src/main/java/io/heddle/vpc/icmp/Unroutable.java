package io.heddle.vpc.icmp;

import java.util.List;

/// Why a gateway did not route a packet, and the types and codes that say so.
public enum Unroutable {
  /// It had no hop left to live.
  NO_HOP_LEFT(1, 8, new Icmp(11, 0), new Icmp(3, 0)),
  /// The route table has no route to its destination.
  NO_ROUTE(2, 9, new Icmp(3, 0), new Icmp(1, 0)),
  /// No port that is plugged in has its destination.
  NO_HOST(3, 10, new Icmp(3, 1), new Icmp(1, 3));

  /// Type and code of a message.
  record Icmp(int type, int code) {}

  public static final List<Unroutable> ALL = List.of(values());

  private final int number;
  private final int puntCode;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  private final Icmp ipv4;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  private final Icmp ipv6;

  Unroutable(int number, int puntCode, Icmp ipv4, Icmp ipv6) {
    this.number = number;
    this.puntCode = puntCode;
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  /// As a register has it; 0 is for packets that are routed.
  public int number() {
    return number;
  }

  /// As the flows that punt have it.
  public byte puntCode() {
    return (byte) puntCode;
  }

  Icmp ipv4() {
    return ipv4;
  }

  Icmp ipv6() {
    return ipv6;
  }
}

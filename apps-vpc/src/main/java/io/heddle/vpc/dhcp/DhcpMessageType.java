package io.heddle.vpc.dhcp;

import java.util.Arrays;
import java.util.Optional;

/// What a DHCP message says (RFC 2132 §9.6).
enum DhcpMessageType {
  DISCOVER(1),
  OFFER(2),
  REQUEST(3),
  DECLINE(4),
  ACK(5),
  NAK(6),
  RELEASE(7),
  INFORM(8);

  private final byte code;

  DhcpMessageType(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static Optional<DhcpMessageType> of(byte code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }
}

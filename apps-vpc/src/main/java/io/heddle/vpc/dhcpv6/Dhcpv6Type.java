package io.heddle.vpc.dhcpv6;

import java.util.Arrays;
import java.util.Optional;

/// What a DHCPv6 message says (RFC 8415 §7.3), as far as it passes between clients and servers.
enum Dhcpv6Type {
  SOLICIT(1),
  ADVERTISE(2),
  REQUEST(3),
  CONFIRM(4),
  RENEW(5),
  REBIND(6),
  REPLY(7),
  RELEASE(8),
  DECLINE(9),
  RECONFIGURE(10),
  INFORMATION_REQUEST(11);

  private final int code;

  Dhcpv6Type(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<Dhcpv6Type> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }
}

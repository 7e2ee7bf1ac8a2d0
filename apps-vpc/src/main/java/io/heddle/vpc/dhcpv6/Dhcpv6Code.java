package io.heddle.vpc.dhcpv6;

/// The numbers of DHCPv6 options and status codes that we read or write (RFC 8415 §21, RFC 3646,
/// RFC 4075, RFC 5908).
final class Dhcpv6Code {

  static final int CLIENT_ID = 1;
  static final int SERVER_ID = 2;
  static final int IA_NA = 3;
  static final int IA_TA = 4;
  static final int IA_ADDRESS = 5;
  static final int REQUESTED_OPTIONS = 6;
  static final int STATUS = 13;
  static final int RAPID_COMMIT = 14;
  static final int DNS_SERVERS = 23;
  static final int DOMAIN_SEARCH = 24;
  static final int IA_PD = 25;
  static final int SNTP_SERVERS = 31;
  static final int REFRESH_SECONDS = 32;
  static final int NTP_SERVER = 56;

  /// Of [#NTP_SERVER]: a server's unicast address.
  static final int NTP_ADDRESS = 1;

  static final int SUCCESS = 0;
  static final int NO_ADDRESSES = 2;
  static final int NOT_ON_LINK = 4;
  static final int NO_PREFIXES = 6;

  private Dhcpv6Code() {}
}

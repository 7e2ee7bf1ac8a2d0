package io.heddle.vpc.dhcp;

/// The numbers of DHCP options that we read or write (RFC 2132, RFC 3397, RFC 3442, RFC 5859).
final class DhcpCode {

  static final int PAD = 0;
  static final int SUBNET_MASK = 1;
  static final int ROUTER = 3;
  static final int DNS_SERVERS = 6;
  static final int DOMAIN_NAME = 15;
  static final int MTU = 26;
  static final int BROADCAST = 28;
  static final int NTP_SERVERS = 42;
  static final int REQUESTED_ADDRESS = 50;
  static final int LEASE_SECONDS = 51;
  static final int MESSAGE_TYPE = 53;
  static final int SERVER_ID = 54;
  static final int MAX_MESSAGE_SIZE = 57;
  static final int RENEWAL_SECONDS = 58;
  static final int REBINDING_SECONDS = 59;
  static final int CLIENT_ID = 61;
  static final int TFTP_SERVER_NAME = 66;
  static final int BOOT_FILE = 67;
  static final int DOMAIN_SEARCH = 119;
  static final int CLASSLESS_ROUTES = 121;
  static final int TFTP_SERVER = 150;
  static final int END = 255;

  private DhcpCode() {}
}

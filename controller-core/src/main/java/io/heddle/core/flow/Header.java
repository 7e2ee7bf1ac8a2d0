package io.heddle.core.flow;

/// Everything of a packet and its metadata that the switch can match or set, in an order in which a
/// header comes after those it depends on (`eth_type` before `ipv4_src`), which is the order that
/// Open vSwitch wants on the wire.
///
/// The numbers are OXM's: class 0x8000 is OpenFlow's own (OpenFlow 1.4 §7.2.3.7), class 1 is
/// Nicira's (Open vSwitch's `ovs-fields(7)`).
public enum Header {
  IN_PORT("in_port", 0x8000, 0, 32),
  METADATA("metadata", 0x8000, 2, 64),
  TUN_ID("tun_id", 0x8000, 38, 64),
  TUN_SRC("tun_src", 1, 31, 32),
  TUN_DST("tun_dst", 1, 32, 32),
  REG0("reg0", 1, 0, 32),
  REG1("reg1", 1, 1, 32),
  REG2("reg2", 1, 2, 32),
  REG3("reg3", 1, 3, 32),
  REG4("reg4", 1, 4, 32),
  REG5("reg5", 1, 5, 32),
  REG6("reg6", 1, 6, 32),
  REG7("reg7", 1, 7, 32),
  REG8("reg8", 1, 8, 32),
  REG9("reg9", 1, 9, 32),
  REG10("reg10", 1, 10, 32),
  REG11("reg11", 1, 11, 32),
  REG12("reg12", 1, 12, 32),
  REG13("reg13", 1, 13, 32),
  REG14("reg14", 1, 14, 32),
  REG15("reg15", 1, 15, 32),
  CONJ_ID("conj_id", 1, 37, 32),
  CT_STATE("ct_state", 1, 105, 32),
  CT_ZONE("ct_zone", 1, 106, 16),
  CT_MARK("ct_mark", 1, 107, 32),
  ETH_SRC("eth_src", 0x8000, 4, 48),
  ETH_DST("eth_dst", 0x8000, 3, 48),
  ETH_TYPE("eth_type", 0x8000, 5, 16),
  IP_PROTO("nw_proto", 0x8000, 10, 8),
  IP_TTL("nw_ttl", 1, 29, 8),
  /// Fragments: bit 0 any fragment, bit 1 a later one.
  IP_FRAG("nw_frag", 1, 26, 8),
  IPV4_SRC("nw_src", 0x8000, 11, 32),
  IPV4_DST("nw_dst", 0x8000, 12, 32),
  CT_NW_PROTO("ct_nw_proto", 1, 119, 8),
  CT_NW_SRC("ct_nw_src", 1, 120, 32),
  CT_NW_DST("ct_nw_dst", 1, 121, 32),
  CT_TP_SRC("ct_tp_src", 1, 124, 16),
  CT_TP_DST("ct_tp_dst", 1, 125, 16),
  TCP_SRC("tcp_src", 0x8000, 13, 16),
  TCP_DST("tcp_dst", 0x8000, 14, 16),
  UDP_SRC("udp_src", 0x8000, 15, 16),
  UDP_DST("udp_dst", 0x8000, 16, 16),
  ICMP_TYPE("icmp_type", 0x8000, 19, 8),
  ICMP_CODE("icmp_code", 0x8000, 20, 8),
  ARP_OP("arp_op", 0x8000, 21, 16),
  ARP_SPA("arp_spa", 0x8000, 22, 32),
  ARP_TPA("arp_tpa", 0x8000, 23, 32),
  ARP_SHA("arp_sha", 0x8000, 24, 48),
  ARP_THA("arp_tha", 0x8000, 25, 48);

  private static final Header[] REGISTERS = {
    REG0, REG1, REG2, REG3, REG4, REG5, REG6, REG7,
    REG8, REG9, REG10, REG11, REG12, REG13, REG14, REG15
  };

  private final String text;
  private final int oxmClass;
  private final int oxmField;
  private final int width;

  Header(String text, int oxmClass, int oxmField, int width) {
    this.text = text;
    this.oxmClass = oxmClass;
    this.oxmField = oxmField;
    this.width = width;
  }

  public static Header register(int number) {
    return REGISTERS[number];
  }

  /// Its name in `ovs-ofctl`.
  public String text() {
    return text;
  }

  public int oxmClass() {
    return oxmClass;
  }

  public int oxmField() {
    return oxmField;
  }

  /// Bits.
  public int width() {
    return width;
  }

  public int bytes() {
    return width / 8;
  }

  public long ones() {
    return width == 64 ? -1L : (1L << width) - 1;
  }
}

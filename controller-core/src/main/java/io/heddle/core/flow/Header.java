package io.heddle.core.flow;

import org.jspecify.annotations.Nullable;

/// Everything of a packet and its metadata that the switch can match or set, in an order in which a
/// header comes after those it depends on (`eth_type` before `ipv4_src`), which is the order that
/// Open vSwitch wants on the wire.
///
/// The numbers are OXM's: class 0x8000 is OpenFlow's own (OpenFlow 1.4 §7.2.3.7), class 1 is
/// Nicira's and class 0x1000 Ericsson's (Open vSwitch's `ovs-fields(7)`).
///
/// A value here has 64 bits at most. An IPv6 address is two headers, its high half and its low one,
/// which are one field on the wire and in text.
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
  IPV6_SRC_HIGH("ipv6_src", 0x8000, 26, Half.HIGH),
  IPV6_SRC_LOW("ipv6_src", 0x8000, 26, Half.LOW),
  IPV6_DST_HIGH("ipv6_dst", 0x8000, 27, Half.HIGH),
  IPV6_DST_LOW("ipv6_dst", 0x8000, 27, Half.LOW),
  CT_NW_PROTO("ct_nw_proto", 1, 119, 8),
  CT_NW_SRC("ct_nw_src", 1, 120, 32),
  CT_NW_DST("ct_nw_dst", 1, 121, 32),
  CT_IPV6_SRC_HIGH("ct_ipv6_src", 1, 122, Half.HIGH),
  CT_IPV6_SRC_LOW("ct_ipv6_src", 1, 122, Half.LOW),
  CT_IPV6_DST_HIGH("ct_ipv6_dst", 1, 123, Half.HIGH),
  CT_IPV6_DST_LOW("ct_ipv6_dst", 1, 123, Half.LOW),
  CT_TP_SRC("ct_tp_src", 1, 124, 16),
  CT_TP_DST("ct_tp_dst", 1, 125, 16),
  TCP_SRC("tcp_src", 0x8000, 13, 16),
  TCP_DST("tcp_dst", 0x8000, 14, 16),
  UDP_SRC("udp_src", 0x8000, 15, 16),
  UDP_DST("udp_dst", 0x8000, 16, 16),
  ICMP_TYPE("icmp_type", 0x8000, 19, 8),
  ICMP_CODE("icmp_code", 0x8000, 20, 8),
  ICMPV6_TYPE("icmpv6_type", 0x8000, 29, 8),
  ICMPV6_CODE("icmpv6_code", 0x8000, 30, 8),
  ND_TARGET_HIGH("nd_target", 0x8000, 31, Half.HIGH),
  ND_TARGET_LOW("nd_target", 0x8000, 31, Half.LOW),
  ND_SLL("nd_sll", 0x8000, 32, 48),
  ND_TLL("nd_tll", 0x8000, 33, 48),
  /// Of a neighbor advertisement: router, solicited and override flags in the highest three bits.
  ND_RESERVED("nd_reserved", 0x1000, 1, 32),
  /// Of the first option of a neighbor message: 1 source, 2 target link-layer address.
  ND_OPTIONS_TYPE("nd_options_type", 0x1000, 2, 8),
  ARP_OP("arp_op", 0x8000, 21, 16),
  ARP_SPA("arp_spa", 0x8000, 22, 32),
  ARP_TPA("arp_tpa", 0x8000, 23, 32),
  ARP_SHA("arp_sha", 0x8000, 24, 48),
  ARP_THA("arp_tha", 0x8000, 25, 48);

  /// Which half of a 128-bit field a header is.
  private enum Half {
    HIGH(64),
    LOW(0);

    private final int shift;

    Half(int shift) {
      this.shift = shift;
    }
  }

  private static final int HALF_BITS = 64;

  private static final Header[] REGISTERS = {
    REG0, REG1, REG2, REG3, REG4, REG5, REG6, REG7,
    REG8, REG9, REG10, REG11, REG12, REG13, REG14, REG15
  };

  private final String text;
  private final int oxmClass;
  private final int oxmField;
  private final int width;
  private final @Nullable Half half;

  Header(String text, int oxmClass, int oxmField, int width) {
    this(text, oxmClass, oxmField, width, null);
  }

  Header(String text, int oxmClass, int oxmField, Half half) {
    this(text, oxmClass, oxmField, HALF_BITS, half);
  }

  Header(String text, int oxmClass, int oxmField, int width, @Nullable Half half) {
    this.text = text;
    this.oxmClass = oxmClass;
    this.oxmField = oxmField;
    this.width = width;
    this.half = half;
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

  /// Bytes of the field on the wire: 16 for both halves of an address.
  public int wireBytes() {
    return half == null ? bytes() : 2 * bytes();
  }

  /// Where in the field on the wire bit 0 of this header is.
  public int shift() {
    return half == null ? 0 : half.shift;
  }

  public boolean isHalf() {
    return half != null;
  }

  public boolean isHighHalf() {
    return half == Half.HIGH;
  }

  /// The low half of the field that this is the high half of.
  public Header lowHalf() {
    return switch (this) {
      case IPV6_SRC_HIGH -> IPV6_SRC_LOW;
      case IPV6_DST_HIGH -> IPV6_DST_LOW;
      case CT_IPV6_SRC_HIGH -> CT_IPV6_SRC_LOW;
      case CT_IPV6_DST_HIGH -> CT_IPV6_DST_LOW;
      case ND_TARGET_HIGH -> ND_TARGET_LOW;
      default -> throw new IllegalStateException(text + " is no high half");
    };
  }

  public long ones() {
    return width == 64 ? -1L : (1L << width) - 1;
  }
}

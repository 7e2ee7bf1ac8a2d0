package io.heddle.core.trace;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.FlowText;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Reads and prints packets in the syntax of `ovs-ofctl` matches, which `ofproto/trace` takes too:
/// `in_port=1,tcp,nw_dst=10.0.0.5,tcp_dst=80`.
public final class PacketText {

  private static final Map<String, Header> HEADERS = new HashMap<>();
  private static final Map<String, Match> PROTOCOLS =
      Map.of(
          "ip", Match.IPV4,
          "ipv6", Match.IPV6,
          "arp", Match.ARP,
          "tcp", Match.ipProtocol(Match.TCP),
          "udp", Match.ipProtocol(Match.UDP),
          "icmp", Match.ipProtocol(Match.ICMP),
          "tcp6", Match.ipv6Protocol(Match.TCP),
          "udp6", Match.ipv6Protocol(Match.UDP),
          "icmp6", Match.ipv6Protocol(Match.ICMPV6));

  static {
    for (Header header : Header.values()) {
      HEADERS.putIfAbsent(header.text(), header);
    }
    HEADERS.put("dl_src", Header.ETH_SRC);
    HEADERS.put("dl_dst", Header.ETH_DST);
    HEADERS.put("dl_type", Header.ETH_TYPE);
    HEADERS.put("ip_proto", Header.IP_PROTO);
    HEADERS.put("ipv4_src", Header.IPV4_SRC);
    HEADERS.put("ipv4_dst", Header.IPV4_DST);
    HEADERS.put("ip_src", Header.IPV4_SRC);
    HEADERS.put("ip_dst", Header.IPV4_DST);
  }

  private PacketText() {}

  /// @throws IllegalArgumentException when the text is not a packet; the message says what would be
  public static Packet parse(String text) {
    Packet packet = Packet.empty();
    for (String part : text.split(",", -1)) {
      packet = with(packet, part.strip());
    }
    long type = packet.get(Header.ETH_TYPE);
    boolean ip = type == Match.ETH_TYPE_IPV4 || type == Match.ETH_TYPE_IPV6;
    if (ip && packet.get(Header.IP_TTL) == 0 && !text.contains("nw_ttl")) {
      packet = packet.ttl(Packet.DEFAULT_TTL);
    }
    return packet.get(Header.IP_PROTO) == Match.TCP ? packet.tcpFlags(Packet.TCP_SYN) : packet;
  }

  private static Packet with(Packet packet, String part) {
    Match protocol = PROTOCOLS.get(part.toLowerCase(Locale.ROOT));
    if (protocol != null) {
      Packet next = packet;
      for (Match.Term term : protocol.terms()) {
        next = next.with(term.header(), term.value());
      }
      return next;
    }
    int equals = part.indexOf('=');
    Header header = equals < 0 ? null : header(part.substring(0, equals), packet);
    if (header == null) {
      throw new IllegalArgumentException(
          ("'%s' is no packet header; write a protocol (ip, tcp, udp, icmp, ipv6, tcp6, udp6, icmp6,"
                  + " arp) or header=value as in nw_dst=10.0.0.5")
              .formatted(part));
    }
    String value = part.substring(equals + 1);
    return header.isHalf()
        ? packet.with(header, Ipv6Address.parse(value))
        : packet.with(header, value(header, value));
  }

  private static @Nullable Header header(String name, Packet packet) {
    boolean udp = packet.get(Header.IP_PROTO) == Match.UDP;
    return switch (name) {
      case "tp_src" -> udp ? Header.UDP_SRC : Header.TCP_SRC;
      case "tp_dst" -> udp ? Header.UDP_DST : Header.TCP_DST;
      default -> HEADERS.get(name);
    };
  }

  private static long value(Header header, String text) {
    return switch (header) {
      case IPV4_SRC, IPV4_DST, ARP_SPA, ARP_TPA, CT_NW_SRC, CT_NW_DST, TUN_SRC, TUN_DST ->
          Ipv4Address.parse(text).unsigned();
      case ETH_SRC, ETH_DST, ARP_SHA, ARP_THA, ND_SLL, ND_TLL -> MacAddress.parse(text).bits();
      case CT_STATE -> text.startsWith("0x") ? number(header, text) : states(text);
      default -> number(header, text);
    };
  }

  private static long number(Header header, String text) {
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s=%s: write a number, in decimal or with 0x".formatted(header.text(), text), e);
    }
  }

  static String print(Packet packet) {
    Match match = Match.ANY;
    for (Header header : Header.values()) {
      if (isThere(header, packet) && header != Header.CT_STATE) {
        match = match.and(Match.of(header, packet.get(header)));
      }
    }
    return states(packet.get(Header.CT_STATE)) + FlowText.match(match);
  }

  /// What connection tracking says, if it was asked: `ct_state=new|trk,`.
  private static String states(long bits) {
    StringJoiner states = new StringJoiner("|", "ct_state=", ",");
    for (CtState state : CtState.values()) {
      if ((bits & state.mask()) != 0) {
        states.add(state.text());
      }
    }
    return bits == 0 ? "" : states.toString();
  }

  private static long states(String text) {
    long bits = 0;
    for (String part : text.split("\\|", -1)) {
      for (CtState state : CtState.values()) {
        bits |= state.text().equals(part) ? state.mask() : 0;
      }
    }
    return bits;
  }

  /// Of an address both halves are there or none.
  private static boolean isThere(Header header, Packet packet) {
    if (!header.isHalf()) {
      return packet.get(header) != 0;
    }
    for (Header half : Header.values()) {
      if (half.text().equals(header.text()) && packet.get(half) != 0) {
        return true;
      }
    }
    return false;
  }
}

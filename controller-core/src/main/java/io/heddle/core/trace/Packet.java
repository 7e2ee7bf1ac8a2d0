package io.heddle.core.trace;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A packet and the metadata that it carries through a switch: a value for every header, 0 where
/// the packet has no such header, as the switch sees it. Immutable.
///
/// TCP flags, the id of an ICMP echo and the packet that an ICMP error quotes are there for
/// connection tracking alone: no flow matches them.
public final class Packet {

  public static final int DEFAULT_TTL = 64;
  public static final int ICMP_ECHO_REPLY = 0;
  public static final int ICMP_UNREACHABLE = 3;
  public static final int ICMP_ECHO = 8;
  public static final int ICMP_TIME_EXCEEDED = 11;
  public static final int ICMPV6_UNREACHABLE = 1;
  public static final int ICMPV6_ECHO = 128;
  public static final int ICMPV6_ECHO_REPLY = 129;
  public static final int ND_SOLICITATION = 135;
  public static final int ND_ADVERTISEMENT = 136;
  private static final int FIRST_FRAGMENT = 1;
  private static final int LATER_FRAGMENT = 3;
  private static final int IPV6_FRAGMENT = 44;
  public static final int TCP_FIN = 1;
  public static final int TCP_SYN = 2;
  public static final int TCP_RST = 4;
  public static final int TCP_PSH = 8;
  public static final int TCP_ACK = 16;
  public static final int TCP_URG = 32;

  private final Headers values;
  private final int tcpFlags;
  private final int icmpId;
  private final @Nullable Packet quoted;
  private final @Nullable Packet datagram;

  private Packet(
      Headers values,
      int tcpFlags,
      int icmpId,
      @Nullable Packet quoted,
      @Nullable Packet datagram) {
    this.values = values;
    this.tcpFlags = tcpFlags;
    this.icmpId = icmpId;
    this.quoted = quoted;
    this.datagram = datagram;
  }

  /// A packet without any header.
  static Packet empty() {
    return new Packet(new Headers(), 0, 0, null, null);
  }

  /// Where a frame goes from and to on the link.
  public record Link(MacAddress source, MacAddress target) {}

  /// Where a packet goes from and to on the network; both ends of one family.
  public record Path(IpAddress source, IpAddress target) {
    public Path {
      if (source.getClass() != target.getClass()) {
        throw new IllegalArgumentException("from %s to %s".formatted(source, target));
      }
    }

    boolean isIpv6() {
      return source instanceof Ipv6Address;
    }

    public Path reversed() {
      return new Path(target, source);
    }
  }

  /// A frame of some protocol that is neither IP nor ARP.
  public static Packet frame(Link link, int etherType) {
    return empty()
        .with(Header.ETH_SRC, link.source().bits())
        .with(Header.ETH_DST, link.target().bits())
        .with(Header.ETH_TYPE, etherType);
  }

  /// An IP packet of the path's family.
  public static Packet ip(Link link, Path path, int protocol) {
    return frame(link, path.isIpv6() ? Match.ETH_TYPE_IPV6 : Match.ETH_TYPE_IPV4)
        .with(path.isIpv6() ? Header.IPV6_SRC_HIGH : Header.IPV4_SRC, path.source())
        .with(path.isIpv6() ? Header.IPV6_DST_HIGH : Header.IPV4_DST, path.target())
        .with(Header.IP_PROTO, protocol)
        .with(Header.IP_TTL, DEFAULT_TTL);
  }

  /// A TCP segment that opens a connection; see [#tcpFlags(int)] for others.
  public static Packet tcp(Link link, Path path, int sourcePort, int targetPort) {
    return ip(link, path, Match.TCP)
        .with(Header.TCP_SRC, sourcePort)
        .with(Header.TCP_DST, targetPort)
        .tcpFlags(TCP_SYN);
  }

  public static Packet udp(Link link, Path path, int sourcePort, int targetPort) {
    return ip(link, path, Match.UDP)
        .with(Header.UDP_SRC, sourcePort)
        .with(Header.UDP_DST, targetPort);
  }

  public static Packet icmp(Link link, Path path, int type, int code) {
    return ip(link, path, Match.ICMP).with(Header.ICMP_TYPE, type).with(Header.ICMP_CODE, code);
  }

  public static Packet icmpv6(Link link, Path path, int type, int code) {
    return ip(link, path, Match.ICMPV6)
        .with(Header.ICMPV6_TYPE, type)
        .with(Header.ICMPV6_CODE, code);
  }

  /// An echo request (RFC 792, RFC 4443).
  public static Packet ping(Link link, Path path, int id) {
    return path.isIpv6()
        ? icmpv6(link, path, ICMPV6_ECHO, 0).icmpId(id)
        : icmp(link, path, ICMP_ECHO, 0).icmpId(id);
  }

  /// Asks who has an address (RFC 4861, §4.3), of all who listen for it.
  ///
  /// @param sender the asker's address; [Ipv6Address#UNSPECIFIED] in duplicate address detection
  public static Packet solicitation(MacAddress mac, Ipv6Address sender, Ipv6Address asked) {
    Ipv6Address group = new Ipv6Address(0xff02L << 48, 0x1_ff00_0000L | (asked.low() & 0xff_ffff));
    MacAddress groupMac = new MacAddress(0x3333_0000_0000L | (group.low() & 0xffff_ffffL));
    Packet bare =
        icmpv6(new Link(mac, groupMac), new Path(sender, group), ND_SOLICITATION, 0)
            .ttl(255)
            .with(Header.ND_TARGET_HIGH, asked);
    return sender.equals(Ipv6Address.UNSPECIFIED)
        ? bare
        : bare.with(Header.ND_OPTIONS_TYPE, 1).with(Header.ND_SLL, mac.bits());
  }

  /// An ICMP error about a packet that came the other way.
  public static Packet icmpError(Link link, Path path, int type, Packet about) {
    Packet error = path.isIpv6() ? icmpv6(link, path, type, 0) : icmp(link, path, type, 0);
    return new Packet(error.values, 0, 0, about, null);
  }

  /// Asks who has an address (RFC 826).
  public static Packet arpRequest(MacAddress sender, Path path) {
    return arp(new Link(sender, MacAddress.BROADCAST), path, 1).with(Header.ARP_SHA, sender.bits());
  }

  /// Says that the path's source is at the link's source.
  public static Packet arpReply(Link link, Path path) {
    return arp(link, path, 2)
        .with(Header.ARP_SHA, link.source().bits())
        .with(Header.ARP_THA, link.target().bits());
  }

  private static Packet arp(Link link, Path path, int operation) {
    return frame(link, Match.ETH_TYPE_ARP)
        .with(Header.ARP_OP, operation)
        .with(Header.ARP_SPA, path.source())
        .with(Header.ARP_TPA, path.target());
  }

  /// What a VM without an address sends to find a DHCP server (RFC 2131).
  public static Packet dhcpDiscover(MacAddress client) {
    Path path = new Path(new Ipv4Address(0), new Ipv4Address(-1));
    return udp(new Link(client, MacAddress.BROADCAST), path, 68, 67);
  }

  public long get(Header header) {
    return values.get(header);
  }

  public long get(Field field) {
    return values.get(field);
  }

  public Ipv4Address address(Header header) {
    return new Ipv4Address((int) get(header));
  }

  /// @param high the high half of the header that holds the address
  public Ipv6Address ipv6Address(Header high) {
    return new Ipv6Address(get(high), get(high.lowHalf()));
  }

  /// Where the packet goes from and to, if it is an IP packet.
  public Path path() {
    return get(Header.ETH_TYPE) == Match.ETH_TYPE_IPV6
        ? new Path(ipv6Address(Header.IPV6_SRC_HIGH), ipv6Address(Header.IPV6_DST_HIGH))
        : new Path(address(Header.IPV4_SRC), address(Header.IPV4_DST));
  }

  public MacAddress mac(Header header) {
    return new MacAddress(get(header));
  }

  public int tcpFlags() {
    return tcpFlags;
  }

  public int icmpId() {
    return icmpId;
  }

  public @Nullable Packet quoted() {
    return quoted;
  }

  /// What it is a part of, or null for a packet that came in one piece.
  public @Nullable Packet datagram() {
    return datagram;
  }

  /// The first of two parts in which this packet may travel: it has all that rules look at.
  public Packet firstFragment() {
    return new Packet(values.copy(), tcpFlags, icmpId, quoted, this)
        .with(Header.IP_FRAG, FIRST_FRAGMENT);
  }

  boolean isFirstFragment() {
    return get(Header.IP_FRAG) == FIRST_FRAGMENT;
  }

  /// The second of two parts: it has addresses and no ports. Of IPv6, Open vSwitch takes it to be
  /// of the protocol of fragments and nothing else.
  public Packet laterFragment() {
    Headers bare = values.copy();
    for (Header header : Header.values()) {
      if (header.compareTo(Header.IPV6_DST_LOW) > 0 && !isMetadata(header)) {
        bare.set(header, 0);
      }
    }
    Packet part =
        new Packet(bare, tcpFlags, icmpId, quoted, this).with(Header.IP_FRAG, LATER_FRAGMENT);
    return path().isIpv6() ? part.with(Header.IP_PROTO, IPV6_FRAGMENT) : part;
  }

  public Packet with(Header header, long value) {
    if ((value & ~header.ones()) != 0) {
      throw new IllegalArgumentException(
          "0x%x does not fit into %s".formatted(value, header.text()));
    }
    Headers changed = values.copy();
    changed.set(header, value);
    return new Packet(changed, tcpFlags, icmpId, quoted, datagram);
  }

  /// @param header of an IPv6 address the high half
  public Packet with(Header header, IpAddress address) {
    return switch (address) {
      case Ipv4Address v4 -> with(header, v4.unsigned());
      case Ipv6Address(long high, long low) -> with(header, high).with(header.lowHalf(), low);
    };
  }

  public Packet tcpFlags(int flags) {
    return new Packet(values, flags, icmpId, quoted, datagram);
  }

  public Packet icmpId(int id) {
    return new Packet(values, tcpFlags, id, quoted, datagram);
  }

  public Packet ttl(int ttl) {
    return with(Header.IP_TTL, ttl);
  }

  /// The packet as a switch finds it on one of its ports: what another switch carried along with it
  /// is gone.
  public Packet enteringAt(int ofport) {
    Headers bare = values.copy();
    for (Header header : Header.values()) {
      if (isMetadata(header)) {
        bare.set(header, 0);
      }
    }
    bare.set(Header.IN_PORT, Integer.toUnsignedLong(ofport));
    return new Packet(bare, tcpFlags, icmpId, quoted, datagram);
  }

  /// The packet as it comes out of a tunnel: with the VNI and the addresses of the tunnel's two
  /// ends.
  public Packet enteringFromTunnel(int ofport, long vni, Path ends) {
    return enteringAt(ofport)
        .with(Header.TUN_ID, vni)
        .with(Header.TUN_SRC, ends.source())
        .with(Header.TUN_DST, ends.target());
  }

  /// The packet as connection tracking knows the first one of a connection: for a trace that is
  /// told what connection tracking says and not what it remembers.
  public Packet opensConnection() {
    ConnectionTuple tuple =
        get(Header.ETH_TYPE) == Match.ETH_TYPE_IPV4 || get(Header.ETH_TYPE) == Match.ETH_TYPE_IPV6
            ? ConnectionTuple.of(datagram == null ? this : datagram)
            : null;
    return tuple == null
        ? this
        : tuple.writtenTo(with(Header.CT_STATE, CtState.TRACKED.mask() | CtState.NEW.mask()));
  }

  /// Whether a switch keeps the header beside the packet; everything else is in the frame.
  static boolean isMetadata(Header header) {
    return switch (header) {
      case CT_NW_PROTO,
          CT_NW_SRC,
          CT_NW_DST,
          CT_IPV6_SRC_HIGH,
          CT_IPV6_SRC_LOW,
          CT_IPV6_DST_HIGH,
          CT_IPV6_DST_LOW,
          CT_TP_SRC,
          CT_TP_DST ->
          true;
      default -> header.compareTo(Header.ETH_SRC) < 0;
    };
  }

  Headers copyOfValues() {
    return values.copy();
  }

  Packet withValues(Headers changed) {
    return new Packet(changed, tcpFlags, icmpId, quoted, datagram);
  }

  boolean meets(Match match, long conjunction) {
    for (Match.Term term : match.terms()) {
      long value = term.header() == Header.CONJ_ID ? conjunction : values.get(term.header());
      if ((value & term.mask()) != term.value()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Packet packet
        && values.equals(packet.values)
        && tcpFlags == packet.tcpFlags
        && icmpId == packet.icmpId
        && Objects.equals(quoted, packet.quoted)
        && Objects.equals(datagram, packet.datagram);
  }

  @Override
  public int hashCode() {
    return values.hashCode() * 31 + tcpFlags;
  }

  /// In the syntax of `ovs-ofctl` and `ofproto/trace`.
  @Override
  public String toString() {
    return PacketText.print(this);
  }
}

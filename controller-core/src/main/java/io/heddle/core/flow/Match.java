package io.heddle.core.flow;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Which packets a flow is for: values and masks of headers, sorted by header, each header at most
/// once. What a header needs (IPv4 before `nw_src`) is stated, never implied.
public record Match(List<Term> terms) {

  public static final Match ANY = new Match(List.of());

  public static final int ETH_TYPE_IPV4 = 0x0800;
  public static final int ETH_TYPE_ARP = 0x0806;
  public static final int ETH_TYPE_IPV6 = 0x86dd;
  public static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int ICMPV6 = 58;

  public static final Match IPV4 = of(Header.ETH_TYPE, ETH_TYPE_IPV4);
  public static final Match IPV6 = of(Header.ETH_TYPE, ETH_TYPE_IPV6);
  public static final Match ARP = of(Header.ETH_TYPE, ETH_TYPE_ARP);

  public Match {
    terms = List.copyOf(terms);
  }

  /// One header: `(packet & mask) == value`.
  public record Term(Header header, long value, long mask) {
    public Term {
      if (mask == 0 || (value & ~mask) != 0 || (mask & ~header.ones()) != 0) {
        throw new IllegalArgumentException(
            "%s=0x%x/0x%x: the mask must be within the header and the value within the mask"
                .formatted(header.text(), value, mask));
      }
    }

    public boolean isExact() {
      return mask == header.ones();
    }
  }

  public static Match of(Header header, long value) {
    return of(header, value, header.ones());
  }

  /// A mask of zero matches everything.
  public static Match of(Header header, long value, long mask) {
    return mask == 0 ? ANY : new Match(List.of(new Term(header, value, mask)));
  }

  public static Match inPort(int ofport) {
    return of(Header.IN_PORT, Integer.toUnsignedLong(ofport));
  }

  public static Match mac(Header header, MacAddress mac) {
    return of(header, mac.bits());
  }

  public static Match address(Header header, Ipv4Address address) {
    return of(header, address.unsigned());
  }

  public static Match prefix(Header header, Ipv4Prefix prefix) {
    return of(header, prefix.network().unsigned(), Integer.toUnsignedLong(prefix.mask()));
  }

  /// @param high the high half of the header that holds the address
  public static Match address(Header high, Ipv6Address address) {
    return allOf(of(high, address.high()), of(high.lowHalf(), address.low()));
  }

  /// @param high the high half of the header that holds the address
  public static Match prefix(Header high, Ipv6Prefix prefix) {
    return allOf(
        of(high, prefix.network().high(), prefix.highMask()),
        of(high.lowHalf(), prefix.network().low(), prefix.lowMask()));
  }

  public static Match ipProtocol(int number) {
    return allOf(IPV4, of(Header.IP_PROTO, number));
  }

  public static Match ipv6Protocol(int number) {
    return allOf(IPV6, of(Header.IP_PROTO, number));
  }

  /// Connection-tracking state: each flag that must be set, and each that must not.
  public static Match ctState(List<CtState> set, List<CtState> unset) {
    long value = CtState.bits(set);
    return of(Header.CT_STATE, value, value | CtState.bits(unset));
  }

  /// Packets that match every one of them. Two that contradict each other are a mistake of the
  /// caller.
  public static Match allOf(Match... matches) {
    Map<Header, Term> merged = new EnumMap<>(Header.class);
    for (Match match : matches) {
      for (Term term : match.terms) {
        merged.merge(term.header(), term, Match::both);
      }
    }
    return new Match(new ArrayList<>(merged.values()));
  }

  private static Term both(Term a, Term b) {
    long common = a.mask() & b.mask();
    if ((a.value() & common) != (b.value() & common)) {
      throw new IllegalArgumentException(
          "no packet has %s both 0x%x/0x%x and 0x%x/0x%x"
              .formatted(a.header().text(), a.value(), a.mask(), b.value(), b.mask()));
    }
    return new Term(a.header(), a.value() | b.value(), a.mask() | b.mask());
  }

  public Match and(Match other) {
    return allOf(this, other);
  }

  @Override
  public String toString() {
    return FlowText.match(this);
  }
}

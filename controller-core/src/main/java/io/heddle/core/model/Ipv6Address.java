package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;

/// An IPv6 address as two halves in network order; ordered as an unsigned number. Written as RFC
/// 5952 wants it, read in any form of RFC 4291 but the one that ends in an IPv4 address.
public record Ipv6Address(long high, long low) implements IpAddress, Comparable<Ipv6Address> {

  public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);
  public static final Ipv6Address ALL_NODES = parse("ff02::1");

  private static final int GROUPS = 8;

  @JsonCreator
  public static Ipv6Address parse(String text) {
    int gap = text.indexOf("::");
    List<Integer> head = groups(text, gap < 0 ? text : text.substring(0, gap));
    List<Integer> tail = gap < 0 ? List.of() : groups(text, text.substring(gap + 2));
    int given = head.size() + tail.size();
    if (gap < 0 ? given != GROUPS : given >= GROUPS) {
      throw malformed(text);
    }
    List<Integer> all = new ArrayList<>(head);
    for (int i = given; i < GROUPS; i++) {
      all.add(0);
    }
    all.addAll(tail);
    return new Ipv6Address(half(all.subList(0, 4)), half(all.subList(4, GROUPS)));
  }

  private static List<Integer> groups(String whole, String part) {
    List<Integer> groups = new ArrayList<>();
    if (part.isEmpty() && whole.contains("::")) {
      return groups;
    }
    for (String group : part.split(":", -1)) {
      if (!group.matches("[0-9A-Fa-f]{1,4}")) {
        throw malformed(whole);
      }
      groups.add(Integer.parseInt(group, 16));
    }
    return groups;
  }

  private static long half(List<Integer> groups) {
    long bits = 0;
    for (int group : groups) {
      bits = bits << 16 | group;
    }
    return bits;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'%s' is not an IPv6 address; write groups of hexadecimal digits like 2001:db8::5"
            .formatted(text));
  }

  /// The link-local address that a MAC makes (RFC 4291, appendix A).
  public static Ipv6Address linkLocal(MacAddress mac) {
    long bits = mac.bits() ^ 0x0200_0000_0000L;
    long id = bits >>> 24 << 40 | 0xfffeL << 24 | (bits & 0xff_ffff);
    return new Ipv6Address(0xfe80L << 48, id);
  }

  /// The address that a MAC makes in a prefix of 64 bits (RFC 4291, appendix A).
  public static Ipv6Address inPrefix(Ipv6Prefix prefix, MacAddress mac) {
    return new Ipv6Address(prefix.network().high(), linkLocal(mac).low());
  }

  /// Within the low half; addresses of one subnet never differ above it.
  public Ipv6Address plus(long offset) {
    return new Ipv6Address(high, low + offset);
  }

  @Override
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  public boolean isLinkLocal() {
    return high >>> 54 == 0xfe80 >>> 6;
  }

  @Override
  public int compareTo(Ipv6Address other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  private int group(int index) {
    long half = index < 4 ? high : low;
    return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
  }

  /// The first of the longest runs of zero groups is left out, if it has two or more.
  @JsonValue
  @Override
  public String toString() {
    int start = -1;
    int longest = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = 0;
      while (i + length < GROUPS && group(i + length) == 0) {
        length++;
      }
      if (length > longest) {
        start = i;
        longest = length;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (start >= 0 && i >= start && i < start + longest) {
        text.append(i == start ? "::" : "");
        continue;
      }
      boolean behindGap = start >= 0 && i == start + longest;
      text.append(i == 0 || behindGap ? "" : ":");
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }
}

package io.heddle.testkit.lab;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A /24 of 100.64.0.0/10 (RFC 6598: shared address space) that nothing on this machine uses.
///
/// @param number 0 to 16,383: which one
record ControlSubnet(int number) {
  private static final int COUNT = 64 * 256;
  private static final int FIRST = 100 << 24 | 64 << 16;
  private static final Pattern PREFIX =
      Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)(?:/(\\d+))?");

  /// The first free subnet from a start that spreads labs. Call it with the lock of [RunRoot] held.
  static ControlSubnet free(LabName name) {
    List<String> routes =
        Command.of("ip", "-4", "route", "show", "table", "all").run().lines().toList();
    int start = Math.floorMod(name.hashCode() * 31, COUNT);
    return IntStream.range(0, COUNT)
        .mapToObj(step -> new ControlSubnet((start + step) % COUNT))
        .filter(subnet -> routes.stream().noneMatch(subnet::clashesWith))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no free /24 in 100.64.0.0/10"));
  }

  /// One address of it.
  String address(int last) {
    return "100.%d.%d.%d".formatted(64 + number / 256, number % 256, last);
  }

  /// Whether a line of `ip route` names a destination that overlaps; the default route does not
  /// count.
  boolean clashesWith(String route) {
    return Optional.of(PREFIX.matcher(route))
        .filter(Matcher::find)
        .filter(match -> !route.startsWith("default"))
        .map(this::overlaps)
        .orElse(false);
  }

  private boolean overlaps(Matcher prefix) {
    int address =
        Integer.parseInt(prefix.group(1)) << 24
            | Integer.parseInt(prefix.group(2)) << 16
            | Integer.parseInt(prefix.group(3)) << 8
            | Integer.parseInt(prefix.group(4));
    int length = prefix.group(5) == null ? 32 : Integer.parseInt(prefix.group(5));
    int shared = Math.min(length, 24);
    int mask = shared == 0 ? 0 : -1 << (32 - shared);
    return (address & mask) == ((FIRST + (number << 8)) & mask);
  }
}

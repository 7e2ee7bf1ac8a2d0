package io.heddle.firewall.policy;

import io.heddle.core.model.Service.PortRange;
import java.util.ArrayList;
import java.util.List;

/// A range of ports as a switch can match it: the fewest values with masks.
public final class PortMasks {

  private static final int ALL_BITS = 0xffff;

  private PortMasks() {}

  /// The ports with `(port & mask) == value`.
  public record PortMask(int value, int mask) {}

  /// From the bottom up, each time the largest aligned block that still fits: at most 30 of them.
  public static List<PortMask> of(PortRange range) {
    List<PortMask> masks = new ArrayList<>();
    int port = range.from();
    while (port <= range.to()) {
      int aligned = port == 0 ? ALL_BITS + 1 : Integer.lowestOneBit(port);
      int fitting = Integer.highestOneBit(range.to() - port + 1);
      int size = Math.min(aligned, fitting);
      masks.add(new PortMask(port, ALL_BITS & -size));
      port += size;
    }
    return masks;
  }
}

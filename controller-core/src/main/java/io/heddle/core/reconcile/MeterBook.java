package io.heddle.core.reconcile;

import io.heddle.core.flow.Meter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The meters that a switch has once everything that waits for it is sent. Meters bear no cookie,
/// so what is there and not wanted counts as ours.
final class MeterBook {

  private final Map<Integer, Meter> meters = new HashMap<>();

  /// The switch has these and no others.
  void read(Collection<Meter> present) {
    meters.clear();
    present.forEach(meter -> meters.put(meter.id(), meter));
  }

  /// The switch would not take it.
  void refused(int id) {
    meters.remove(id);
  }

  /// Sends what is missing for these, and deletes what is too much.
  void follow(Set<Meter> wanted, Outgoing outgoing) {
    List<Meter> fresh = new ArrayList<>();
    Set<Integer> old = new HashSet<>(meters.keySet());
    for (Meter meter : wanted) {
      old.remove(meter.id());
      if (!meter.equals(meters.put(meter.id(), meter))) {
        fresh.add(meter);
      }
    }
    meters.keySet().removeAll(old);
    outgoing.addMeters(fresh, List.copyOf(old));
  }

  /// How what is there differs from what should be.
  static List<Difference> differences(Collection<Meter> present, Set<Meter> wanted) {
    Map<Integer, Meter> there = new HashMap<>();
    present.forEach(meter -> there.put(meter.id(), meter));
    List<Difference> differences = new ArrayList<>();
    for (Meter meter : wanted) {
      Meter found = there.remove(meter.id());
      if (found == null) {
        differences.add(difference(Difference.Way.MISSING, meter));
      } else if (!meter.equals(found)) {
        differences.add(difference(Difference.Way.ALTERED, meter));
      }
    }
    there.values().forEach(extra -> differences.add(difference(Difference.Way.EXTRA, extra)));
    return differences;
  }

  private static Difference difference(Difference.Way way, Meter meter) {
    String text =
        "meter=%d,rate=%d,burst=%d".formatted(meter.id(), meter.packetsPerSecond(), meter.burst());
    return new Difference(way, "meter", text, Optional.empty());
  }
}

package io.heddle.core.compile;

import io.heddle.core.store.Change;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The units that are compiled: what each made, and what it read to make it.
final class Units {

  /// One of them.
  record Unit(UnitOutput output, Set<View.Read> reads) {
    Unit {
      reads = Set.copyOf(reads);
    }
  }

  private final Map<UnitId, Unit> units = new HashMap<>();
  private final Map<View.Read, Set<UnitId>> readers = new HashMap<>();

  @Nullable UnitOutput outputOf(UnitId id) {
    Unit unit = units.get(id);
    return unit == null ? null : unit.output();
  }

  void put(UnitId id, Unit unit) {
    remove(id);
    units.put(id, unit);
    for (View.Read read : unit.reads()) {
      readers.computeIfAbsent(read, k -> new LinkedHashSet<>()).add(id);
    }
  }

  void remove(UnitId id) {
    Unit unit = units.remove(id);
    if (unit != null) {
      unit.reads().forEach(read -> forget(read, id));
    }
  }

  private void forget(View.Read read, UnitId reader) {
    readers.computeIfPresent(
        read,
        (k, ids) -> {
          ids.remove(reader);
          return ids.isEmpty() ? null : ids;
        });
  }

  /// Those that read what has changed.
  Set<UnitId> thatRead(Change change) {
    Set<UnitId> stale = new LinkedHashSet<>();
    for (View.Read read : View.readsTouchedBy(change)) {
      stale.addAll(readers.getOrDefault(read, Set.of()));
    }
    return stale;
  }
}

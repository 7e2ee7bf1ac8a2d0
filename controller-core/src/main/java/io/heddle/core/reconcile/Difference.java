package io.heddle.core.reconcile;

import io.heddle.core.compile.UnitId;
import java.util.Optional;

/// A flow, or a meter, that is not as it should be.
///
/// @param table the stage's name, or `meter`
/// @param match with the priority, as `ovs-ofctl` writes it
/// @param unit what it is compiled from, and so the row; nothing where nobody knows
public record Difference(Way way, String table, String match, Optional<UnitId> unit) {

  /// In which way it differs.
  public enum Way {
    MISSING,
    ALTERED,
    EXTRA,
    FOREIGN
  }

  @Override
  public String toString() {
    return "%s %s %s%s".formatted(way, table, match, unit.map(u -> " of " + u).orElse(""));
  }
}

package io.heddle.core.reconcile;

import io.heddle.core.compile.FlowChange;
import io.heddle.core.flow.Meter;
import java.util.List;
import java.util.Set;

/// What goes to a switch together: meters, then a bundle, then meters that are of no use any more.
///
/// @param number rises with each piece of work; 0 for what is part of a later one
/// @param alone part of a bundle that was refused: must not be joined with others again
record Work(
    List<FlowChange> changes,
    List<Integer> zonesToFlush,
    List<Meter> meters,
    List<Integer> metersToDelete,
    long number,
    boolean alone) {

  static final Work NONE = ofFlows(List.of(), List.of(), 0);

  static Work ofFlows(List<FlowChange> changes, List<Integer> zonesToFlush, long number) {
    return new Work(changes, zonesToFlush, List.of(), List.of(), number, false);
  }

  static Work ofMeters(List<Meter> meters) {
    return new Work(List.of(), List.of(), meters, List.of(), 0, false);
  }

  static Work ofDeletedMeters(List<Integer> ids, long number) {
    return new Work(List.of(), List.of(), List.of(), ids, number, false);
  }

  /// The same without deleting these meters.
  Work keepingMeters(Set<Integer> ids) {
    List<Integer> rest = metersToDelete.stream().filter(id -> !ids.contains(id)).toList();
    return rest.size() == metersToDelete.size()
        ? this
        : new Work(changes, zonesToFlush, meters, rest, number, alone);
  }

  boolean isEmpty() {
    return changes.isEmpty() && meters.isEmpty() && metersToDelete.isEmpty();
  }

  int flowMods() {
    return changes.stream().mapToInt(FlowChange::size).sum();
  }
}

package io.heddle.core.reconcile;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.UnitId;
import io.heddle.core.pipeline.Sentinels;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Cuts a bundle that a switch refused without saying why, so that what is good gets through and
/// what is bad is found.
final class Bisection {

  private Bisection() {}

  /// The units that the changes add flows of; the owner of the sets' marks only if there is nobody
  /// else to suspect.
  static Set<UnitId> units(List<FlowChange> changes) {
    Set<UnitId> units = new LinkedHashSet<>();
    Set<UnitId> ofMarks = new LinkedHashSet<>();
    for (FlowChange change : changes) {
      change.adds().forEach(flow -> (isMark(flow) ? ofMarks : units).add(flow.unit()));
    }
    return units.isEmpty() ? ofMarks : units;
  }

  private static boolean isMark(CompiledFlow flow) {
    return Sentinels.setHashOf(flow.flow().match()).isPresent()
        && flow.flow().table() == Stage.SENTINEL.table();
  }

  /// Two changes: the adds of the first half of the units; the adds of the rest, and all deletes.
  /// The marks of the sets come with the rest: they say that a set is there whole.
  static List<FlowChange> halves(List<FlowChange> changes, Set<UnitId> units) {
    Set<UnitId> firstHalf = new LinkedHashSet<>(List.copyOf(units).subList(0, units.size() / 2));
    List<CompiledFlow> first = new ArrayList<>();
    List<CompiledFlow> second = new ArrayList<>();
    List<Long> deletes = new ArrayList<>();
    for (FlowChange change : changes) {
      change.adds().forEach(flow -> (firstHalf.contains(flow.unit()) ? first : second).add(flow));
      deletes.addAll(change.deletes());
    }
    return List.of(new FlowChange(first, List.of()), new FlowChange(second, deletes));
  }
}

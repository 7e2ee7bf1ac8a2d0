package io.heddle.core.reconcile;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/// The units that one switch goes without, and what that makes of changes. A set that lacks
/// anything bears no mark: a mark says that the set is there whole.
final class Without {

  private final Compiler compiler;

  /// Those that the switch refused, with what it said.
  private final Map<UnitId, String> quarantined = new HashMap<>();

  /// Those that contradict a set that comes before theirs.
  private Map<UnitId, String> heldBack = Map.of();

  Without(Compiler compiler) {
    this.compiler = compiler;
  }

  /// All of them, and why.
  Map<UnitId, String> units() {
    Map<UnitId, String> units = new HashMap<>(heldBack);
    units.putAll(quarantined);
    return Map.copyOf(units);
  }

  void quarantine(Map<UnitId, String> refused) {
    quarantined.putAll(refused);
  }

  /// @return true if others than before are held back now
  boolean heldBackFor(SortedSet<FlowSet> held) {
    Map<UnitId, String> before = heldBack;
    heldBack = compiler.heldBack(held);
    return !heldBack.equals(before);
  }

  void clear() {
    quarantined.clear();
    heldBack = Map.of();
  }

  /// The change that every subscriber gets, unless this switch goes without some of the set. A
  /// refused unit of which anything changes is tried again, whole.
  List<FlowChange> changesFor(SetDelta delta) {
    if (quarantined.isEmpty() && heldBack.isEmpty()) {
      return delta.changes();
    }
    Set<UnitId> retried = new HashSet<>();
    delta.added().forEach(flow -> retried.add(flow.unit()));
    delta.removed().forEach(flow -> retried.add(flow.unit()));
    retried.retainAll(quarantined.keySet());
    quarantined.keySet().removeAll(retried);
    Set<UnitId> still = units().keySet();
    if (retried.isEmpty() && !hasAny(compiler.whole(delta.set()), still)) {
      return delta.changes();
    }
    List<CompiledFlow> adds = new ArrayList<>();
    delta.added().stream()
        .filter(flow -> !still.contains(flow.unit()) && !retried.contains(flow.unit()))
        .forEach(adds::add);
    adds.addAll(lacking(delta.set(), retried));
    return SetDelta.cut(adds, delta.removed().stream().map(CompiledFlow::cookie).toList());
  }

  /// What it takes to try again everything that was refused, set by set.
  List<List<FlowChange>> retry(SortedSet<FlowSet> held) {
    Set<UnitId> retried = Set.copyOf(quarantined.keySet());
    quarantined.clear();
    List<List<FlowChange>> changes = new ArrayList<>();
    for (FlowSet set : held) {
      if (!retried.isEmpty() && hasAny(compiler.whole(set), retried)) {
        changes.add(SetDelta.cut(lacking(set, retried), List.of()));
      }
    }
    return changes;
  }

  /// True if some of the units make flows, or the mark, of the set.
  private static boolean hasAny(SetDelta whole, Set<UnitId> units) {
    CompiledFlow mark = whole.sentinel();
    return (mark != null && units.contains(mark.unit()))
        || whole.added().stream().anyMatch(flow -> units.contains(flow.unit()));
  }

  /// What a set lacks on this switch without these units: their flows and, if nothing else is
  /// lacking, the mark.
  private List<CompiledFlow> lacking(FlowSet set, Set<UnitId> units) {
    SetDelta whole = compiler.whole(set);
    Set<UnitId> still = units().keySet();
    List<CompiledFlow> lacking = new ArrayList<>();
    CompiledFlow mark = whole.sentinel();
    boolean complete = mark != null && !still.contains(mark.unit());
    for (CompiledFlow flow : whole.added()) {
      if (units.contains(flow.unit()) && !still.contains(flow.unit())) {
        lacking.add(flow);
      }
      complete &= !still.contains(flow.unit());
    }
    if (complete && mark != null) {
      lacking.add(mark);
    }
    return lacking;
  }
}

package io.heddle.core.reconcile;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import io.heddle.core.flow.Meter;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A part of what a switch holds, held against what it should hold.
///
/// A cookie alone proves nothing: somebody may have altered a flow and kept it, or given it to a
/// flow of their own. So a flow is in step when cookie, match and actions are.
final class Comparison {

  /// Differences kept with their names; more are only counted.
  static final int MAX_DIFFERENCES = 100;

  /// What there is to compare.
  ///
  /// @param sets that the switch should hold
  /// @param without units whose flows it should not hold all the same
  record Wanted(Compiler compiler, Collection<FlowSet> sets, Set<UnitId> without) {}

  private final Slice slice;
  private final Disturbance disturbance;
  private final Compiler compiler;
  private final Map<Long, List<InstalledFlow>> marked = new HashMap<>();
  private final List<FlowChange> adds = new ArrayList<>();
  private final List<CompiledFlow> impersonated = new ArrayList<>();
  private final Set<Long> extra = new LinkedHashSet<>();
  private final Set<Long> foreign = new LinkedHashSet<>();
  private final List<Difference> differences = new ArrayList<>();
  private Audit audit = Audit.NONE;
  private boolean metersDiffer;

  private Comparison(Slice slice, Disturbance disturbance, Compiler compiler) {
    this.slice = slice;
    this.disturbance = disturbance;
    this.compiler = compiler;
  }

  static Comparison of(
      Collection<InstalledFlow> dump, Slice slice, Disturbance disturbance, Wanted wanted) {
    Comparison comparison = new Comparison(slice, disturbance, wanted.compiler());
    dump.forEach(comparison::sort);
    wanted.sets().forEach(set -> comparison.compare(wanted.compiler().whole(set), wanted));
    comparison.marked.values().forEach(flows -> flows.forEach(comparison::extra));
    return comparison;
  }

  /// Holds meters against what they should be, too.
  void compareMeters(Collection<Meter> present, Set<Meter> wanted) {
    List<Difference> found = MeterBook.differences(present, wanted);
    metersDiffer = !found.isEmpty();
    found.forEach(difference -> count(difference.way(), () -> difference));
    long right = wanted.stream().filter(present::contains).count();
    audit = audit.plus(new Audit((int) right, 0, 0, 0, 0));
  }

  boolean metersDiffer() {
    return metersDiffer;
  }

  Audit audit() {
    return audit;
  }

  List<Difference> differences() {
    return differences;
  }

  /// What mends our flows: sets in the order of their scopes, then what is too much.
  List<FlowChange> mending() {
    List<FlowChange> changes = new ArrayList<>(adds);
    changes.addAll(SetDelta.cut(List.of(), List.copyOf(extra)));
    return changes;
  }

  /// What puts flows in the place of others that have their cookies. A delete by cookie takes both,
  /// so each pair of changes, out with all and in with ours, goes in one bundle.
  List<List<FlowChange>> replacing() {
    List<List<FlowChange>> pairs = new ArrayList<>();
    int most = SetDelta.MAX_FLOWS_A_CHANGE / 2;
    for (int from = 0; from < impersonated.size(); from += most) {
      List<CompiledFlow> some =
          impersonated.subList(from, Math.min(impersonated.size(), from + most));
      List<Long> cookies = some.stream().map(CompiledFlow::cookie).toList();
      pairs.add(List.of(new FlowChange(List.of(), cookies), new FlowChange(some, List.of())));
    }
    return pairs;
  }

  /// The cookies of the flows of somebody else. None is a cookie of ours, so deleting by them takes
  /// nothing of ours.
  List<Long> foreign() {
    return List.copyOf(foreign);
  }

  private void sort(InstalledFlow flow) {
    if (flow.isMarked()) {
      marked.computeIfAbsent(flow.cookie(), k -> new ArrayList<>(1)).add(flow);
    } else if (!disturbance.touches(flow)) {
      foreign.add(flow.cookie());
      note(Difference.Way.FOREIGN, flow, Optional.empty());
    }
  }

  private void extra(InstalledFlow flow) {
    if (!disturbance.touches(flow)) {
      extra.add(flow.cookie());
      note(Difference.Way.EXTRA, flow, compiler.flowUnder(flow.cookie()).map(CompiledFlow::unit));
    }
  }

  private void compare(SetDelta whole, Wanted wanted) {
    List<CompiledFlow> lacking = new ArrayList<>();
    CompiledFlow mark = whole.sentinel();
    boolean complete = mark != null && !wanted.without().contains(mark.unit());
    for (CompiledFlow flow : whole.added()) {
      if (wanted.without().contains(flow.unit())) {
        complete = false;
      } else if (slice.contains(flow.cookie()) && !isThere(flow)) {
        lacking.add(flow);
      }
    }
    if (mark != null && complete && slice.contains(mark.cookie()) && !isThere(mark)) {
      lacking.add(mark);
    }
    if (complete && lacking.size() == whole.added().size() + 1) {
      adds.addAll(whole.changes()); // nothing of it is there: the bytes that every host gets
    } else if (!lacking.isEmpty()) {
      adds.addAll(SetDelta.cut(lacking, List.of()));
    }
  }

  /// Takes what is there under the flow's cookie out of what was dumped.
  ///
  /// @return false if the flow is to be added, which mends it wherever it is not as it should be
  private boolean isThere(CompiledFlow flow) {
    List<InstalledFlow> there = marked.remove(flow.cookie());
    if (disturbance.touches(flow.cookie())) {
      return true;
    }
    List<InstalledFlow> here = there == null ? List.of() : there;
    boolean found = false;
    boolean right = false;
    for (InstalledFlow installed : here) {
      if (installed.key().filter(flow.flow().key()::equals).isPresent()) {
        found = true;
        right = flow.flow().equals(installed.flow());
      } else {
        note(Difference.Way.EXTRA, installed, Optional.empty());
      }
    }
    if (right) {
      audit = audit.plus(Audit.ONE_IN_STEP);
    } else {
      note(found ? Difference.Way.ALTERED : Difference.Way.MISSING, flow);
    }
    if (here.size() > (found ? 1 : 0)) {
      impersonated.add(flow);
      return true;
    }
    return right;
  }

  private void note(Difference.Way way, CompiledFlow flow) {
    count(
        way,
        () ->
            new Difference(
                way,
                Stage.tableName(flow.flow().table()),
                InstalledFlow.of(flow.flow(), flow.cookie()).text(),
                Optional.of(flow.unit())));
  }

  private void note(Difference.Way way, InstalledFlow flow, Optional<UnitId> unit) {
    count(way, () -> new Difference(way, Stage.tableName(flow.table()), flow.text(), unit));
  }

  private void count(Difference.Way way, Supplier<Difference> difference) {
    audit = audit.plus(Audit.of(way));
    if (differences.size() < MAX_DIFFERENCES) {
      differences.add(difference.get());
    }
  }
}

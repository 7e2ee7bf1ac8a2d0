package io.heddle.core.reconcile;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Cookies;
import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The difference between what a switch holds and what it should hold.
///
/// @param changes what mends it: sets in the order of their scopes, then what is too much
record Repair(List<FlowChange> changes, Audit audit) {

  static Repair of(
      Collection<InstalledFlow> dump,
      Set<FlowSet> wanted,
      Compiler compiler,
      Set<UnitId> quarantined) {
    return new Comparison(dump, quarantined).with(wanted, compiler);
  }

  /// One comparison under way.
  private static final class Comparison {
    private final Map<Long, InstalledFlow> installed = new HashMap<>();
    private final Set<UnitId> quarantined;
    private final List<FlowChange> changes = new ArrayList<>();
    private int foreign;
    private int inStep;
    private int missing;
    private int altered;

    Comparison(Collection<InstalledFlow> dump, Set<UnitId> quarantined) {
      this.quarantined = quarantined;
      for (InstalledFlow flow : dump) {
        if ((flow.cookie() & Cookies.MARK_MASK) == Cookies.MARK) {
          installed.put(flow.cookie(), flow);
        } else {
          foreign++;
        }
      }
    }

    Repair with(Set<FlowSet> wanted, Compiler compiler) {
      for (FlowSet set : wanted) {
        compare(compiler.whole(set));
      }
      List<Long> extra = List.copyOf(installed.keySet());
      if (!extra.isEmpty()) {
        changes.addAll(SetDelta.cut(List.of(), extra));
      }
      return new Repair(changes, new Audit(inStep, missing, altered, extra.size(), foreign));
    }

    private void compare(SetDelta whole) {
      List<CompiledFlow> adds = new ArrayList<>();
      CompiledFlow sentinel = whole.sentinel();
      boolean complete = sentinel == null || !quarantined.contains(sentinel.unit());
      for (CompiledFlow flow : whole.added()) {
        if (quarantined.contains(flow.unit())) {
          complete = false;
        } else if (!isInstalled(flow)) {
          adds.add(flow);
        }
      }
      boolean untouched = complete && adds.size() == whole.added().size();
      if (sentinel != null && complete && !isInstalled(sentinel)) {
        adds.add(sentinel);
      }
      if (untouched && !adds.isEmpty() && adds.size() > whole.added().size()) {
        changes.addAll(whole.changes()); // nothing of it is there: the bytes that every host gets
      } else if (!adds.isEmpty()) {
        changes.addAll(SetDelta.cut(adds, List.of()));
      }
    }

    /// Takes the flow out of what was dumped; an altered one counts as not there, since adding it
    /// mends it.
    private boolean isInstalled(CompiledFlow flow) {
      InstalledFlow there = installed.remove(flow.cookie());
      if (there == null) {
        missing++;
        return false;
      }
      if (!flow.flow().equals(there.flow())) {
        altered++;
        return false;
      }
      inStep++;
      return true;
    }
  }
}

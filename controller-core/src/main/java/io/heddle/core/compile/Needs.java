package io.heddle.core.compile;

import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// What hosts need beside their own sets, as the units there say: shared sets and meters. A host
/// needs a thing as long as any of its units says so.
final class Needs {

  private final Subscriptions<HostId, FlowSet> sets = new Subscriptions<>();
  private final Subscriptions<HostId, Meter> meters = new Subscriptions<>();

  /// What changed in one go.
  ///
  /// @param hosts that need other things than before
  /// @param sets that came to or went from a host
  record Changed(Set<HostId> hosts, Set<FlowSet> sets) {
    Changed() {
      this(new LinkedHashSet<>(), new LinkedHashSet<>());
    }
  }

  /// A unit in the host's own set says something else than before.
  void change(HostId host, UnitOutput old, UnitOutput now, Changed changed) {
    for (FlowSet set : without(now.subscriptions(), old.subscriptions())) {
      if (sets.add(host, set)) {
        changed.hosts().add(host);
        changed.sets().add(set);
      }
    }
    for (FlowSet set : without(old.subscriptions(), now.subscriptions())) {
      if (sets.remove(host, set)) {
        changed.hosts().add(host);
        changed.sets().add(set);
      }
    }
    for (Meter meter : without(now.meters(), old.meters())) {
      if (meters.add(host, meter)) {
        changed.hosts().add(host);
      }
    }
    for (Meter meter : without(old.meters(), now.meters())) {
      if (meters.remove(host, meter)) {
        changed.hosts().add(host);
      }
    }
  }

  private static <T> Set<T> without(Set<T> all, Set<T> some) {
    Set<T> rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  Subscriptions<HostId, FlowSet> sets() {
    return sets;
  }

  Subscriptions<HostId, Meter> meters() {
    return meters;
  }
}

package io.heddle.core.compile;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Meter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that one run of a unit made. Equal output means that nothing changed.
///
/// @param home the set that the flows belong to
/// @param subscriptions the sets that the home's host needs
/// @param meters the meters that the home's host needs
record UnitOutput(
    FlowSet home,
    Map<Flow.Key, List<Action>> flows,
    Set<FlowSet> subscriptions,
    Set<Meter> meters) {

  UnitOutput {
    flows = Map.copyOf(flows);
    subscriptions = Set.copyOf(subscriptions);
    meters = Set.copyOf(meters);
  }

  static UnitOutput nothing(FlowSet home) {
    return new UnitOutput(home, Map.of(), Set.of(), Set.of());
  }
}

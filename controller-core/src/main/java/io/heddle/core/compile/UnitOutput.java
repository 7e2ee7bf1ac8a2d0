package io.heddle.core.compile;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that one run of a unit made. Equal output means that nothing changed.
record UnitOutput(
    Map<FlowSlot, List<Action>> flows, Set<Subscription> subscriptions, Set<HostMeter> meters) {

  static final UnitOutput NOTHING = new UnitOutput(Map.of(), Set.of(), Set.of());

  UnitOutput {
    flows = Map.copyOf(flows);
    subscriptions = Set.copyOf(subscriptions);
    meters = Set.copyOf(meters);
  }

  /// Where a flow stands: a set, and what makes it unique on a switch.
  record FlowSlot(FlowSet set, Flow.Key key) {}

  record Subscription(HostId host, FlowSet set) {}

  record HostMeter(HostId host, Meter meter) {}
}

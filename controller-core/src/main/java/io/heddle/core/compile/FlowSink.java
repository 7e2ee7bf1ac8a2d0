package io.heddle.core.compile;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.pipeline.Sentinels;
import io.heddle.core.pipeline.Stage;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes what a unit makes: the flows of its home and, where that is a host's own set, what the
/// host needs besides.
public final class FlowSink {

  private final FlowSet home;
  private final Map<Flow.Key, List<Action>> flows = new LinkedHashMap<>();
  private final Set<FlowSet> subscriptions = new LinkedHashSet<>();
  private final Set<Meter> meters = new LinkedHashSet<>();

  FlowSink(FlowSet home) {
    this.home = home;
  }

  /// @return this, for the next one
  public FlowSink add(Stage stage, int priority, Match match, List<Action> actions) {
    return add(new Flow(stage.table(), priority, match, actions));
  }

  public FlowSink add(Stage stage, int priority, Match match, Action... actions) {
    return add(stage, priority, match, List.of(actions));
  }

  private FlowSink add(Flow flow) {
    List<Action> before = flows.putIfAbsent(flow.key(), flow.actions());
    if (before != null && !before.equals(flow.actions())) {
      throw new IllegalStateException(
          "a unit makes two flows of one match: %s and actions of %s".formatted(flow, before));
    }
    return this;
  }

  /// The host holds this set, as long as any unit says so.
  public void subscribe(FlowSet set) {
    requireHost(set);
    subscriptions.add(set);
  }

  /// The host has this meter; it is there before any flow of the same revision.
  public void meter(Meter meter) {
    requireHost(meter);
    meters.add(meter);
  }

  /// The host uses this ct zone; it is flushed before its first use.
  public void useZone(int zone) {
    requireHost("ct zone " + zone);
    add(new Flow(Stage.SENTINEL.table(), 1, Sentinels.ofZone(zone), List.of()));
  }

  private void requireHost(Object what) {
    if (home.isShared()) {
      throw new IllegalStateException(
          "%s in %s: only units in a host's own set say what the host needs".formatted(what, home));
    }
  }

  UnitOutput output() {
    return new UnitOutput(home, flows, subscriptions, meters);
  }
}

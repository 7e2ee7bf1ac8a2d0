package io.heddle.core.compile;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import io.heddle.core.pipeline.Sentinels;
import io.heddle.core.pipeline.Stage;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes what a unit makes: flows of sets, hosts' subscriptions to sets, meters.
public final class FlowSink {

  private final Map<UnitOutput.FlowSlot, List<Action>> flows = new LinkedHashMap<>();
  private final Set<UnitOutput.Subscription> subscriptions = new LinkedHashSet<>();
  private final Set<UnitOutput.HostMeter> meters = new LinkedHashSet<>();

  FlowSink() {}

  /// Where flows of one set go.
  public Target in(FlowSet set) {
    return new Target(set);
  }

  /// The host holds this set, as long as any unit says so.
  public void subscribe(HostId host, FlowSet set) {
    subscriptions.add(new UnitOutput.Subscription(host, set));
  }

  /// The host has this meter; it is there before any flow of the same revision.
  public void meter(HostId host, Meter meter) {
    meters.add(new UnitOutput.HostMeter(host, meter));
  }

  /// The host uses this ct zone; it is flushed before its first use.
  public void useZone(HostId host, int zone) {
    add(FlowSet.host(host), new Flow(Stage.SENTINEL.table(), 1, Sentinels.ofZone(zone), List.of()));
  }

  private void add(FlowSet set, Flow flow) {
    UnitOutput.FlowSlot slot = new UnitOutput.FlowSlot(set, flow.key());
    List<Action> before = flows.putIfAbsent(slot, flow.actions());
    if (before != null && !before.equals(flow.actions())) {
      throw new IllegalStateException(
          "a unit makes two flows of one match: %s and actions of %s".formatted(flow, before));
    }
  }

  UnitOutput output() {
    return new UnitOutput(flows, subscriptions, meters);
  }

  /// One flow set.
  public final class Target {
    private final FlowSet set;

    private Target(FlowSet set) {
      this.set = set;
    }

    /// @return this, for the next one
    public Target add(Stage stage, int priority, Match match, List<Action> actions) {
      FlowSink.this.add(set, new Flow(stage.table(), priority, match, actions));
      return this;
    }

    public Target add(Stage stage, int priority, Match match, Action... actions) {
      return add(stage, priority, match, List.of(actions));
    }
  }
}

package io.heddle.testkit.switches;

import io.heddle.core.flow.Flow;
import io.heddle.openflow.codec.FlowMod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The flows of one switch: an add replaces the flow with the same table, priority and match.
final class SimulatedTable {

  /// A flow and the cookie it is installed under.
  record Entry(Flow flow, long cookie) {}

  private final Map<Flow.Key, Entry> flows = new LinkedHashMap<>();
  private final Map<Long, Set<Flow.Key>> byCookie = new HashMap<>();

  void apply(FlowMod mod) {
    switch (mod) {
      case FlowMod.Add(Flow flow, long cookie) -> {
        Entry former = flows.put(flow.key(), new Entry(flow, cookie));
        if (former != null) {
          forget(former);
        }
        byCookie.computeIfAbsent(cookie, none -> new HashSet<>()).add(flow.key());
      }
      case FlowMod.Delete(long cookie) -> {
        Set<Flow.Key> keys = byCookie.remove(cookie);
        if (keys != null) {
          keys.forEach(flows::remove);
        }
      }
    }
  }

  private void forget(Entry former) {
    Set<Flow.Key> keys = byCookie.get(former.cookie());
    if (keys != null) {
      keys.remove(former.flow().key());
      if (keys.isEmpty()) {
        byCookie.remove(former.cookie());
      }
    }
  }

  List<Entry> entries(Predicate<Entry> wanted) {
    return flows.values().stream().filter(wanted).toList();
  }

  void clear() {
    flows.clear();
    byCookie.clear();
  }
}

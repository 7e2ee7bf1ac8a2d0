package io.heddle.core.compile;

import io.heddle.core.flow.Flow;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which sets make which match. A switch can hold one flow for each, so sets that one host may hold
/// together, any shared ones and its own, must not make the same.
///
/// Where they do, which is a mistake of ours, nothing is decided here: a set is what it is for all
/// its subscribers, and what else is compiled on this node must not change it. It is for the
/// program of a host that holds several of them to leave out all but one.
final class MatchOwners {

  private final Map<Flow.Key, FlowSet> shared = new HashMap<>();

  /// How many hosts' own sets have a match: any number may, since no switch holds two of them.
  private final Map<Flow.Key, Integer> ofHosts = new HashMap<>();

  /// The shared sets that have a match which another shared set or a host's own has too.
  private final Map<Flow.Key, SortedSet<FlowSet>> contested = new HashMap<>();

  /// @return false when another set has the match
  boolean add(Flow.Key key, FlowSet set) {
    FlowSet standing = shared.get(key);
    if (!set.isShared()) {
      ofHosts.merge(key, 1, Integer::sum);
      if (standing == null) {
        return true;
      }
      contest(key, standing);
      return false;
    }
    if (standing == null) {
      shared.put(key, set);
    } else {
      contest(key, standing);
      contest(key, set);
    }
    if (ofHosts.containsKey(key)) {
      contest(key, set);
    }
    return !contested.containsKey(key);
  }

  private void contest(Flow.Key key, FlowSet set) {
    contested.computeIfAbsent(key, k -> new TreeSet<>()).add(set);
  }

  void remove(Flow.Key key, FlowSet set) {
    SortedSet<FlowSet> rivals = contested.getOrDefault(key, new TreeSet<>());
    if (set.isShared()) {
      rivals.remove(set);
      if (set.equals(shared.get(key))) {
        shared.remove(key);
        if (!rivals.isEmpty()) {
          shared.put(key, rivals.first());
        }
      }
    } else {
      ofHosts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }
    int others = ofHosts.containsKey(key) ? 1 : 0;
    if (rivals.isEmpty() || rivals.size() + others < 2) {
      contested.remove(key);
    }
  }

  /// The matches that more than one set makes, and the shared ones of those sets.
  Map<Flow.Key, ? extends Set<FlowSet>> contested() {
    return contested;
  }
}

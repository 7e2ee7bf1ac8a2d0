package io.heddle.core.compile;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Key;
import io.heddle.core.model.Row;
import io.heddle.core.store.Change;
import io.heddle.core.store.Image;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// For every flow set that could be compiled, the rows whose units make its flows: what lets a set
/// be compiled when it is first needed, and at no other cost than its own.
///
/// It knows all sets of the image, compiled or not, by name; a row stands here once for each set
/// that it matters to, however many rules read it.
final class Homes {

  private final Rules rules;
  private final Cookies cookies;
  private final Map<FlowSet, Set<Key<?>>> subjects = new HashMap<>();
  private final Map<FlowSet, HostId> ofHosts = new HashMap<>();
  private final Map<Long, FlowSet> byNameHash = new HashMap<>();

  Homes(Rules rules, Cookies cookies) {
    this.rules = rules;
    this.cookies = cookies;
  }

  void apply(Change change) {
    Set<FlowSet> before = rules.homes(change.before());
    Set<FlowSet> after = rules.homes(change.after());
    if (before.equals(after)) {
      return;
    }
    before.forEach(set -> remove(set, change.key()));
    after.forEach(set -> add(set, change.key()));
  }

  private void add(FlowSet set, Key<?> subject) {
    Set<Key<?>> there = subjects.get(set);
    if (there == null) {
      there = new LinkedHashSet<>();
      subjects.put(set, there);
      byNameHash.put(cookies.nameHash(set), set);
      set.owner().ifPresent(host -> ofHosts.put(set, host));
    }
    there.add(subject);
  }

  private void remove(FlowSet set, Key<?> subject) {
    Set<Key<?>> there = subjects.getOrDefault(set, new HashSet<>());
    there.remove(subject);
    if (there.isEmpty()) {
      subjects.remove(set);
      byNameHash.remove(cookies.nameHash(set));
      ofHosts.remove(set);
    }
  }

  /// The units that make a set's flows.
  Set<UnitId> unitsOf(FlowSet set, Image image) {
    Set<UnitId> units = new LinkedHashSet<>();
    for (Key<?> key : subjects.getOrDefault(set, Set.of())) {
      Row row = image.require(key);
      for (FlowRule<?> rule : rules.about(key.kind())) {
        if (Rules.home(rule, row).equals(set)) {
          units.add(new UnitId(rule.name(), key));
        }
      }
    }
    return units;
  }

  /// Every host's own set.
  Map<FlowSet, HostId> ofHosts() {
    return Collections.unmodifiableMap(ofHosts);
  }

  Optional<FlowSet> named(long nameHash) {
    return Optional.ofNullable(byNameHash.get(nameHash));
  }
}

package io.heddle.core.compile;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.model.Cluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All flow sets with their flows: gives cookies, keeps digests, and sees to it that no match on a
/// switch has two owners.
final class FlowTables {

  private static final UnitId SENTINEL_OWNER = new UnitId("Sentinel", Cluster.ID);

  private final Cookies cookies;
  private final Compiler.OnFault onFault;
  private final Map<FlowSet, SetContent> sets = new HashMap<>();
  private final Map<Long, FlowSet> setsByHash = new HashMap<>();
  private final Set<FlowSet> dirty = new LinkedHashSet<>();

  /// Which shared set owns a match, and how many host sets have it: a switch may hold all shared
  /// sets and one host's.
  private final Map<Flow.Key, FlowSet> sharedOwners = new HashMap<>();

  private final Map<Flow.Key, Integer> hostOwners = new HashMap<>();

  private final Map<Long, CompiledFlow> byCookie = new HashMap<>();

  /// Flows that would have one cookie without salt, sorted by what they say, so that salts do not
  /// depend on who came first.
  private final Map<Long, List<CompiledFlow>> collisions = new HashMap<>();

  private final Map<UnitId, Quarantined> quarantined =
      new TreeMap<>(Comparator.comparing(UnitId::toString));
  private final Map<Flow.Key, List<Waiting>> waiting = new HashMap<>();

  private record Waiting(FlowSet set, Flow flow, UnitId unit) {}

  FlowTables(Cookies cookies, Compiler.OnFault onFault) {
    this.cookies = cookies;
    this.onFault = onFault;
  }

  /// Takes out what a unit makes no more.
  void remove(UnitId unit, UnitOutput old, UnitOutput now) {
    old.flows()
        .forEach((slot, actions) -> {
          if (!actions.equals(now.flows().get(slot))) {
            remove(slot, unit);
          }
        });
  }

  /// Puts in what a unit did not make before.
  void add(UnitId unit, UnitOutput old, UnitOutput now) {
    now.flows()
        .forEach((slot, actions) -> {
          if (!actions.equals(old.flows().get(slot))) {
            add(slot.set(), flow(slot, actions), unit);
          }
        });
  }

  private static Flow flow(UnitOutput.FlowSlot slot, List<Action> actions) {
    return new Flow(slot.key().table(), slot.key().priority(), slot.key().match(), actions);
  }

  private void add(FlowSet set, Flow flow, UnitId unit) {
    Flow.Key key = flow.key();
    String owner = ownerInTheWay(set, key);
    if (owner != null) {
      fault(new Quarantined(unit, "%s already belongs to %s".formatted(flow, owner)));
      waiting.computeIfAbsent(key, k -> new ArrayList<>()).add(new Waiting(set, flow, unit));
      return;
    }
    if (set.isShared()) {
      sharedOwners.put(key, set);
    } else {
      hostOwners.merge(key, 1, Integer::sum);
    }
    place(set, flow, unit);
  }

  private @Nullable String ownerInTheWay(FlowSet set, Flow.Key key) {
    SetContent content = sets.get(set);
    CompiledFlow same = content == null ? null : content.find(key);
    if (same != null) {
      return same.unit().toString();
    }
    FlowSet shared = sharedOwners.get(key);
    if (shared != null) {
      return shared.toString();
    }
    return set.isShared() && hostOwners.containsKey(key) ? "a host's own set" : null;
  }

  private void remove(UnitOutput.FlowSlot slot, UnitId unit) {
    Flow.Key key = slot.key();
    SetContent content = sets.get(slot.set());
    CompiledFlow flow = content == null ? null : content.find(key);
    if (flow == null || !flow.unit().equals(unit)) {
      waiting
          .getOrDefault(key, List.of())
          .removeIf(w -> w.unit().equals(unit) && w.set().equals(slot.set()));
      return;
    }
    displace(flow);
    if (slot.set().isShared()) {
      sharedOwners.remove(key);
    } else {
      hostOwners.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }
    List<Waiting> next = waiting.remove(key);
    if (next != null) {
      next.forEach(w -> release(w.unit()));
      next.forEach(w -> add(w.set(), w.flow(), w.unit()));
    }
  }

  private void place(FlowSet set, Flow flow, UnitId unit) {
    long unsalted = cookies.cookieOf(set, flow, 0);
    CompiledFlow compiled = new CompiledFlow(flow, unsalted, set, unit);
    CompiledFlow other = byCookie.get(unsalted);
    if (other == null && !collisions.containsKey(unsalted)) {
      store(compiled);
      return;
    }
    List<CompiledFlow> colliding =
        collisions.computeIfAbsent(
            unsalted, k -> new ArrayList<>(List.of(Objects.requireNonNull(other))));
    colliding.add(compiled);
    resalt(unsalted, colliding);
  }

  private void displace(CompiledFlow flow) {
    long unsalted = cookies.cookieOf(flow.set(), flow.flow(), 0);
    erase(flow);
    List<CompiledFlow> colliding = collisions.get(unsalted);
    if (colliding != null) {
      colliding.removeIf(c -> c.set().equals(flow.set()) && c.flow().equals(flow.flow()));
      resalt(unsalted, colliding);
      if (colliding.size() < 2) {
        collisions.remove(unsalted);
      }
    }
  }

  /// Gives each of the colliding flows the salt of its rank.
  private void resalt(long unsalted, List<CompiledFlow> colliding) {
    colliding.sort(Comparator.comparing(c -> c.set() + "|" + FlowText.flow(c.flow())));
    colliding.forEach(c -> {
      SetContent content = sets.get(c.set());
      CompiledFlow standing = content == null ? null : content.find(c.flow().key());
      if (standing != null) {
        erase(standing);
      }
    });
    for (int rank = 0; rank < colliding.size(); rank++) {
      CompiledFlow c = colliding.get(rank);
      long cookie = rank == 0 ? unsalted : cookies.cookieOf(c.set(), c.flow(), rank);
      store(new CompiledFlow(c.flow(), cookie, c.set(), c.unit()));
    }
  }

  private void store(CompiledFlow flow) {
    sets.computeIfAbsent(flow.set(), this::newSet).put(flow);
    dirty.add(flow.set());
    byCookie.put(flow.cookie(), flow);
  }

  private SetContent newSet(FlowSet set) {
    setsByHash.put(cookies.nameHash(set), set);
    return new SetContent(set, cookies, SENTINEL_OWNER);
  }

  private void erase(CompiledFlow flow) {
    SetContent content = sets.get(flow.set());
    if (content != null) {
      content.remove(flow.flow().key());
      dirty.add(flow.set());
    }
    byCookie.remove(flow.cookie(), flow);
  }

  private void fault(Quarantined fault) {
    if (onFault == Compiler.OnFault.FAIL) {
      throw new IllegalStateException(fault.unit() + ": " + fault.reason());
    }
    quarantine(fault);
  }

  void quarantine(Quarantined fault) {
    quarantined.put(fault.unit(), fault);
  }

  /// The unit ran well, or is gone: what was held against it is forgotten.
  void release(UnitId unit) {
    quarantined.remove(unit);
  }

  List<Quarantined> quarantined() {
    return List.copyOf(quarantined.values());
  }

  List<SetDelta> takeDeltas(long revision) {
    List<SetDelta> deltas = new ArrayList<>();
    for (FlowSet set : dirty) {
      SetContent content = Objects.requireNonNull(sets.get(set));
      SetDelta delta = content.takeDelta(revision);
      if (delta != null) {
        deltas.add(delta);
      }
      if (content.isEmpty()) {
        sets.remove(set);
        setsByHash.remove(cookies.nameHash(set));
      }
    }
    dirty.clear();
    return deltas;
  }

  SetDelta whole(FlowSet set, long revision) {
    SetContent content = sets.get(set);
    return content == null
        ? SetDelta.of(revision, set, List.of(), List.of(), null, null)
        : content.whole(revision);
  }

  long nameHash(FlowSet set) {
    return cookies.nameHash(set);
  }

  Optional<FlowSet> setNamed(long hash) {
    return Optional.ofNullable(setsByHash.get(hash));
  }

  Optional<CompiledFlow> flowUnder(long cookie) {
    return Optional.ofNullable(byCookie.get(cookie));
  }

  Map<Long, CompiledFlow> cookies() {
    return Map.copyOf(byCookie);
  }
}

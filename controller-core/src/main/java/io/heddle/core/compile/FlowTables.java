package io.heddle.core.compile;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.model.Cluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The compiled flow sets with their flows: gives cookies, keeps digests, and sees to it that no
/// match has two flows.
///
/// What a set holds depends on its own units and on nothing else. Of units of one set that make the
/// same match, the first in the order of their names has it.
final class FlowTables {

  private static final UnitId SENTINEL_OWNER = new UnitId("Sentinel", Cluster.ID);

  private final Cookies cookies;
  private final Compiler.OnFault onFault;
  private final Map<FlowSet, SetContent> sets = new HashMap<>();
  private final SortedSet<FlowSet> dirty = new TreeSet<>();
  private final Map<Long, CompiledFlow> byCookie = new HashMap<>();

  /// Flows that would have one cookie without salt, sorted by what they say, so that salts do not
  /// depend on who came first.
  private final Map<Long, List<CompiledFlow>> collisions = new HashMap<>();

  private final MatchOwners owners = new MatchOwners();

  /// Units of one set that make the same match, the one whose flow stands included.
  private final Map<Slot, SortedMap<UnitId, Flow>> rivals = new HashMap<>();

  private final Map<UnitId, Quarantined> failed = new HashMap<>();

  private record Slot(FlowSet set, Flow.Key key) {}

  FlowTables(Cookies cookies, Compiler.OnFault onFault) {
    this.cookies = cookies;
    this.onFault = onFault;
  }

  /// Takes out what a unit makes no more.
  void remove(UnitId unit, UnitOutput old, UnitOutput now) {
    old.flows()
        .forEach((key, actions) -> {
          if (!isIn(now, old.home(), key, actions)) {
            remove(new Slot(old.home(), key), unit);
          }
        });
  }

  /// Puts in what a unit did not make before.
  void add(UnitId unit, UnitOutput old, UnitOutput now) {
    now.flows()
        .forEach((key, actions) -> {
          if (!isIn(old, now.home(), key, actions)) {
            add(
                new Slot(now.home(), key),
                new Flow(key.table(), key.priority(), key.match(), actions),
                unit);
          }
        });
  }

  private static boolean isIn(UnitOutput output, FlowSet home, Flow.Key key, List<Action> actions) {
    return output.home().equals(home) && actions.equals(output.flows().get(key));
  }

  private @Nullable CompiledFlow standing(Slot slot) {
    SetContent content = sets.get(slot.set());
    return content == null ? null : content.find(slot.key());
  }

  private void add(Slot slot, Flow flow, UnitId unit) {
    CompiledFlow standing = standing(slot);
    if (standing == null) {
      if (!owners.add(slot.key(), slot.set())) {
        fault(unit, "%s is made by another set too".formatted(flow));
      }
      place(slot.set(), flow, unit);
      return;
    }
    SortedMap<UnitId, Flow> claims = rivals.computeIfAbsent(slot, k -> new TreeMap<>());
    claims.put(standing.unit(), standing.flow());
    claims.put(unit, flow);
    fault(unit, "%s already belongs to %s".formatted(flow, standing.unit()));
    if (claims.firstKey().equals(unit)) {
      displace(standing);
      place(slot.set(), flow, unit);
    }
  }

  private void remove(Slot slot, UnitId unit) {
    SortedMap<UnitId, Flow> claims = rivals.getOrDefault(slot, new TreeMap<>());
    claims.remove(unit);
    CompiledFlow standing = standing(slot);
    if (standing != null && standing.unit().equals(unit)) {
      displace(standing);
      if (claims.isEmpty()) {
        owners.remove(slot.key(), slot.set());
      } else {
        Map.Entry<UnitId, Flow> next = claims.entrySet().iterator().next();
        place(slot.set(), next.getValue(), next.getKey());
      }
    }
    if (claims.size() < 2) {
      rivals.remove(slot);
    }
  }

  /// Forgets a set that nobody holds. Nothing is said of it in the next deltas.
  void drop(FlowSet set) {
    SetContent content = sets.get(set);
    if (content != null) {
      for (Flow.Key key : content.keys()) {
        Slot slot = new Slot(set, key);
        displace(Objects.requireNonNull(standing(slot)));
        owners.remove(key, set);
        rivals.remove(slot);
      }
      sets.remove(set);
    }
    dirty.remove(set);
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
      CompiledFlow standing = standing(new Slot(c.set(), c.flow().key()));
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
    sets.computeIfAbsent(flow.set(), set -> new SetContent(set, cookies, SENTINEL_OWNER)).put(flow);
    dirty.add(flow.set());
    byCookie.put(flow.cookie(), flow);
  }

  private void erase(CompiledFlow flow) {
    SetContent content = sets.get(flow.set());
    if (content != null) {
      content.remove(flow.flow().key());
      dirty.add(flow.set());
    }
    byCookie.remove(flow.cookie(), flow);
  }

  /// Tests stop at a fault. In production it is worked out by [#quarantined] and [#heldBack].
  private void fault(UnitId unit, String reason) {
    if (onFault == Compiler.OnFault.FAIL) {
      throw new IllegalStateException(unit + ": " + reason);
    }
  }

  /// The unit's rule failed.
  void failed(UnitId unit, String reason) {
    failed.put(unit, new Quarantined(unit, reason));
  }

  /// The unit ran well, or is gone: what was held against it is forgotten.
  void release(UnitId unit) {
    failed.remove(unit);
  }

  /// Each unit of which something is left out, with the first reason.
  List<Quarantined> quarantined() {
    SortedMap<UnitId, Quarantined> found = new TreeMap<>();
    found.putAll(failed);
    rivals.forEach((slot, claims) ->
        claims.sequencedKeySet().stream()
            .skip(1)
            .forEach(unit -> found.putIfAbsent(unit, outranked(unit, slot, claims.firstKey()))));
    owners
        .contested()
        .forEach((key, makers) -> {
          for (FlowSet set : makers) {
            CompiledFlow flow = Objects.requireNonNull(standing(new Slot(set, key)));
            found.putIfAbsent(flow.unit(), contested(flow));
          }
        });
    return List.copyOf(found.values());
  }

  private static Quarantined outranked(UnitId unit, Slot slot, UnitId first) {
    return new Quarantined(
        unit, "a match of %s in %s already belongs to %s".formatted(slot.key(), slot.set(), first));
  }

  private static Quarantined contested(CompiledFlow flow) {
    return new Quarantined(
        flow.unit(),
        "%s is made by more than one set: a host that holds two goes without one"
            .formatted(flow.flow()));
  }

  /// The units that a switch does without when it holds all these sets, because a match of theirs
  /// belongs to a set that comes first, and why.
  Map<UnitId, String> heldBack(SortedSet<FlowSet> held) {
    Map<UnitId, String> without = new HashMap<>();
    for (Flow.Key key : owners.contested().keySet()) {
      FlowSet first = null;
      for (FlowSet set : held) {
        CompiledFlow flow = standing(new Slot(set, key));
        if (flow != null && first != null) {
          without.putIfAbsent(
              flow.unit(), "%s already belongs to %s".formatted(flow.flow(), first));
        } else if (flow != null) {
          first = set;
        }
      }
    }
    return without;
  }

  List<SetDelta> takeDeltas(long revision) {
    List<SetDelta> deltas = new ArrayList<>();
    for (FlowSet set : List.copyOf(dirty)) {
      takeDelta(set, revision).ifPresent(deltas::add);
    }
    return deltas;
  }

  /// How one set changed since it was last asked.
  Optional<SetDelta> takeDelta(FlowSet set, long revision) {
    SetContent content = sets.get(set);
    if (!dirty.remove(set) || content == null) {
      return Optional.empty();
    }
    SetDelta delta = content.takeDelta(revision);
    if (content.isEmpty()) {
      sets.remove(set);
    }
    return Optional.ofNullable(delta);
  }

  SetDelta whole(FlowSet set, long revision) {
    SetContent content = sets.get(set);
    return content == null
        ? SetDelta.of(revision, set, List.of(), List.of(), null, null)
        : content.whole(revision);
  }

  Map<FlowSet, SetDelta> wholes(long revision) {
    Map<FlowSet, SetDelta> wholes = new HashMap<>();
    sets.forEach((set, content) -> wholes.put(set, content.whole(revision)));
    return wholes;
  }

  Optional<CompiledFlow> flowUnder(long cookie) {
    return Optional.ofNullable(byCookie.get(cookie));
  }

  Map<Long, CompiledFlow> cookies() {
    return Map.copyOf(byCookie);
  }
}

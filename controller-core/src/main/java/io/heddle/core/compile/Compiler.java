package io.heddle.core.compile;

import io.heddle.core.flow.Meter;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Row;
import io.heddle.core.store.Change;
import io.heddle.core.store.Delta;
import io.heddle.core.store.Image;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Keeps the flow sets of some hosts in step with the image: runs the units that a delta touches
/// and that these hosts need, and no others.
///
/// A host in scope needs its own set. Units there say which shared sets it needs too; a shared set
/// is compiled while a host in scope subscribes to it or somebody retains it. So what is compiled
/// follows from the image, the scope and what is retained, and not from how they came about.
///
/// Owned by one thread.
public final class Compiler {

  /// What happens when a rule fails or two units make the same match.
  public enum OnFault {
    /// An exception: for tests, where it is a bug to be seen.
    FAIL,
    /// The unit is left out and listed, the rest goes on.
    QUARANTINE
  }

  private static final String NO_KEY = "00";

  private final Rules rules;
  private final OnFault onFault;

  private Image image = Image.EMPTY;
  private String cookieKey = NO_KEY;
  private HostScope scope = HostScope.EVERY_HOST;
  private final Map<FlowSet, Integer> retained = new HashMap<>();

  /// The shared sets that are compiled.
  private final Set<FlowSet> inForce = new HashSet<>();

  private Cookies cookies = new Cookies(cookieKey);
  private Homes homes;
  private FlowTables tables;
  private Units units = new Units();
  private Needs needs = new Needs();

  public Compiler(Collection<Feature> features, OnFault onFault) {
    this.rules = new Rules(features);
    this.onFault = onFault;
    this.homes = new Homes(rules, cookies);
    this.tables = new FlowTables(cookies, onFault);
  }

  /// Brings the flow sets from the revision before to this image's.
  public CompileResult apply(Image next, Delta delta) {
    image = next;
    String key = image.find(Cluster.ID).map(Cluster::cookieKey).orElse(NO_KEY);
    if (!key.equals(cookieKey)) {
      cookieKey = key;
      return compileAnew();
    }
    Set<UnitId> touched = new LinkedHashSet<>();
    for (Change change : delta.changes()) {
      homes.apply(change);
      for (FlowRule<?> rule : rules.about(change.key().kind())) {
        touched.add(new UnitId(rule.name(), change.key()));
      }
      touched.addAll(units.thatRead(change));
    }
    return new Round(touched).result(false);
  }

  /// Compiles for these hosts from now on. Nothing is said of the sets of hosts that are in scope
  /// no more: what their switches hold is nothing to us.
  public CompileResult scope(HostScope wanted) {
    Set<UnitId> touched = new LinkedHashSet<>();
    Set<FlowSet> left = new HashSet<>();
    homes
        .ofHosts()
        .forEach((own, host) -> {
          if (scope.contains(host) != wanted.contains(host)) {
            touched.addAll(homes.unitsOf(own, image));
          }
          if (scope.contains(host) && !wanted.contains(host)) {
            left.add(own);
          }
        });
    scope = wanted;
    Round round = new Round(touched);
    left.forEach(tables::drop);
    round.changed.hosts().removeIf(host -> !wanted.contains(host));
    return round.result(false);
  }

  public boolean isInScope(HostId host) {
    return scope.contains(host);
  }

  /// Compiles everything in scope once more, as if nothing had been compiled before.
  public CompileResult compileAnew() {
    cookies = new Cookies(cookieKey);
    homes = new Homes(rules, cookies);
    tables = new FlowTables(cookies, onFault);
    units = new Units();
    needs = new Needs();
    inForce.clear();
    image.asDelta().changes().forEach(homes::apply);
    Set<UnitId> touched = new LinkedHashSet<>();
    for (FlowSet own : homes.ofHosts().keySet()) {
      touched.addAll(homes.unitsOf(own, image));
    }
    for (FlowSet set : retained.keySet()) {
      touched.addAll(takeIntoForce(set));
    }
    return new Round(touched).result(true);
  }

  /// Keeps a set compiled whether or not a host in scope subscribes to it, until it is released as
  /// often: for as long as a switch holds it.
  public void retain(FlowSet set) {
    retained.merge(set, 1, Integer::sum);
    Set<UnitId> fresh = takeIntoForce(set);
    if (!fresh.isEmpty()) {
      Round _ = new Round(fresh);
      tables.takeDelta(set, image.revision()); // who retains it reads the whole
    }
  }

  public void release(FlowSet set) {
    retained.computeIfPresent(set, (k, count) -> count == 1 ? null : count - 1);
    dropUnneeded(set);
  }

  private boolean isCompiled(FlowSet set) {
    if (set.isShared()) {
      return inForce.contains(set);
    }
    HostId host = homes.ofHosts().get(set);
    return host != null && scope.contains(host);
  }

  private boolean isNeeded(FlowSet shared) {
    return !needs.sets().holdersOf(shared).isEmpty() || retained.containsKey(shared);
  }

  /// @return the units of a shared set that was not compiled until now and is needed
  private Set<UnitId> takeIntoForce(FlowSet set) {
    return set.isShared() && isNeeded(set) && inForce.add(set)
        ? homes.unitsOf(set, image)
        : Set.of();
  }

  /// A unit whose subject has just come to this set from another one is still there, and runs.
  private void dropUnneeded(FlowSet set) {
    if (set.isShared() && !isNeeded(set) && inForce.remove(set)) {
      tables.drop(set);
      for (UnitId id : homes.unitsOf(set, image)) {
        UnitOutput output = units.outputOf(id);
        if (output != null && output.home().equals(set)) {
          units.remove(id);
          tables.release(id);
        }
      }
    }
  }

  /// What a unit made before and makes now.
  private record Turn(UnitOutput old, UnitOutput now) {}

  /// One pass over units: the hosts' own first, since these say which sets are needed.
  private final class Round {
    private final Map<UnitId, Turn> turns = new LinkedHashMap<>();
    private final Set<UnitId> ran = new LinkedHashSet<>();
    private final Needs.Changed changed = new Needs.Changed();

    Round(Set<UnitId> touched) {
      Set<UnitId> ofShared = new LinkedHashSet<>();
      for (UnitId id : touched) {
        if (isOfHost(id)) {
          run(id);
        } else {
          ofShared.add(id);
        }
      }
      turns.values().forEach(this::changeNeeds);
      changed.sets().forEach(Compiler.this::dropUnneeded);
      changed.sets().forEach(set -> ofShared.addAll(takeIntoForce(set)));
      ofShared.forEach(this::run);
      // First everything that goes, then everything that comes: a match may pass from one unit to
      // another in one revision.
      turns.forEach((id, turn) -> tables.remove(id, turn.old(), turn.now()));
      turns.forEach((id, turn) -> tables.add(id, turn.old(), turn.now()));
    }

    private boolean isOfHost(UnitId id) {
      UnitOutput standing = units.outputOf(id);
      FlowSet home = homeOf(id);
      return (standing != null && !standing.home().isShared())
          || (home != null && !home.isShared());
    }

    /// Where the unit's flows go now, or null when its subject is gone.
    private @Nullable FlowSet homeOf(UnitId id) {
      Row subject = image.find(id.subject()).orElse(null);
      return subject == null ? null : Rules.home(rules.named(id.rule()), subject);
    }

    private void run(UnitId id) {
      UnitOutput old = units.outputOf(id);
      FlowSet home = homeOf(id);
      if (home != null && isCompiled(home)) {
        Units.Unit unit = execute(id, home);
        units.put(id, unit);
        note(id, old == null ? UnitOutput.nothing(home) : old, unit.output());
      } else if (old != null) {
        units.remove(id);
        tables.release(id);
        note(id, old, UnitOutput.nothing(old.home()));
      }
    }

    private Units.Unit execute(UnitId id, FlowSet home) {
      View view = new View(image);
      FlowSink sink = new FlowSink(home);
      try {
        Rules.compile(rules.named(id.rule()), image.require(id.subject()), view, sink);
        tables.release(id);
        return new Units.Unit(sink.output(), view.reads());
      } catch (RuntimeException e) {
        if (onFault == OnFault.FAIL) {
          throw new IllegalStateException("unit " + id + " failed", e);
        }
        tables.failed(id, "the rule failed: " + e);
        return new Units.Unit(UnitOutput.nothing(home), view.reads());
      }
    }

    private void note(UnitId id, UnitOutput old, UnitOutput now) {
      ran.add(id);
      if (!old.equals(now)) {
        turns.put(id, new Turn(old, now));
      }
    }

    private void changeNeeds(Turn turn) {
      FlowSet home = turn.now().home();
      if (turn.old().home().equals(home)) {
        changeNeeds(home, turn.old(), turn.now());
      } else {
        changeNeeds(turn.old().home(), turn.old(), UnitOutput.nothing(home));
        changeNeeds(home, UnitOutput.nothing(home), turn.now());
      }
    }

    private void changeNeeds(FlowSet home, UnitOutput old, UnitOutput now) {
      home.owner().ifPresent(host -> needs.change(host, old, now, changed));
    }

    CompileResult result(boolean anew) {
      return new CompileResult(
          image.revision(), tables.takeDeltas(image.revision()), changed.hosts(), ran, anew);
    }
  }

  public long revision() {
    return image.revision();
  }

  /// The sets that a host holds, in the order in which it loads them.
  public SortedSet<FlowSet> setsOf(HostId host) {
    return new TreeSet<>(needs.sets().heldBy(host));
  }

  public Set<HostId> subscribersOf(FlowSet set) {
    return needs.sets().holdersOf(set);
  }

  /// The hosts in scope that hold any set.
  public Set<HostId> hosts() {
    return needs.sets().holders();
  }

  public Set<Meter> metersOf(HostId host) {
    return needs.meters().heldBy(host);
  }

  /// All flows of a set and its sentinel. The same object for every caller, until the set changes.
  public SetDelta whole(FlowSet set) {
    return tables.whole(set, image.revision());
  }

  /// What the mark of a set matches on: how a set is told from the others in a dump.
  public long nameHash(FlowSet set) {
    return cookies.nameHash(set);
  }

  /// The set whose mark matches on this hash, if the image has such a set, compiled or not.
  public Optional<FlowSet> setNamed(long nameHash) {
    return homes.named(nameHash);
  }

  /// The flow that is installed under a cookie, and so the unit and the row it came from.
  public Optional<CompiledFlow> flowUnder(long cookie) {
    return tables.flowUnder(cookie);
  }

  /// Units of which something is left out on every host.
  public List<Quarantined> quarantined() {
    return tables.quarantined();
  }

  /// The units that a switch does without while it holds all these sets, because two of the sets
  /// make the same match, and why.
  public Map<UnitId, String> heldBack(SortedSet<FlowSet> held) {
    return tables.heldBack(held);
  }

  /// Everything that switches could be told, in one comparable value: how tests check that
  /// incremental equals from scratch.
  public Snapshot snapshot() {
    return new Snapshot(tables.cookies(), needs.sets().copy(), needs.meters().copy());
  }

  /// All that there is now, for another thread to check.
  public Capture capture() {
    return new Capture(
        image,
        scope,
        retained.keySet(),
        tables.wholes(image.revision()),
        needs.sets().copy(),
        needs.meters().copy(),
        quarantined());
  }

  /// @param flows by cookie, which covers set, table, priority, match and actions
  public record Snapshot(
      Map<Long, CompiledFlow> flows,
      Map<HostId, Set<FlowSet>> subscriptions,
      Map<HostId, Set<Meter>> meters) {}
}

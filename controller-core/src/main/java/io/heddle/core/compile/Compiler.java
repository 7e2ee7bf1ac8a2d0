package io.heddle.core.compile;

import io.heddle.core.flow.Meter;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;
import io.heddle.core.store.Change;
import io.heddle.core.store.Delta;
import io.heddle.core.store.Image;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Keeps the flow sets in step with the image: runs the units that a delta touches, and no others.
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

  private final Map<Kind<?>, List<FlowRule<?>>> rulesBySubject = new HashMap<>();
  private final OnFault onFault;

  private final Map<UnitId, Unit> units = new HashMap<>();
  private final Map<View.Read, Set<UnitId>> readers = new HashMap<>();
  private FlowTables tables;
  private Subscriptions<HostId, FlowSet> subscriptions = new Subscriptions<>();
  private Subscriptions<HostId, Meter> meters = new Subscriptions<>();
  private String cookieKey = "";
  private long revision;

  private record Unit(UnitOutput output, Set<View.Read> reads) {
    static final Unit NONE = new Unit(UnitOutput.NOTHING, Set.of());
  }

  public Compiler(Collection<Feature> features, OnFault onFault) {
    this.onFault = onFault;
    this.tables = new FlowTables(new Cookies("00"), onFault);
    Set<String> names = new TreeSet<>();
    for (Feature feature : features) {
      for (FlowRule<?> rule : feature.rules()) {
        if (!names.add(rule.name())) {
          throw new IllegalArgumentException("two rules are called " + rule.name());
        }
        rulesBySubject.computeIfAbsent(rule.subject(), k -> new ArrayList<>()).add(rule);
      }
    }
  }

  /// Brings the flow sets from the revision before to this image's.
  public CompileResult apply(Image image, Delta delta) {
    String key = image.find(Cluster.ID).map(Cluster::cookieKey).orElse("00");
    boolean rekeyed = !key.equals(cookieKey);
    Set<UnitId> touched = rekeyed ? restart(key, image) : touchedBy(delta);
    revision = image.revision();
    Map<UnitId, Unit> after = new LinkedHashMap<>();
    for (UnitId id : touched) {
      after.put(id, run(id, image));
    }
    Set<HostId> hosts = new LinkedHashSet<>();
    replaceOutputs(after, hosts);
    return new CompileResult(revision, tables.takeDeltas(revision), hosts, touched);
  }

  /// Another key makes other cookies: everything is compiled anew.
  private Set<UnitId> restart(String key, Image image) {
    cookieKey = key;
    units.clear();
    readers.clear();
    tables = new FlowTables(new Cookies(key), onFault);
    subscriptions = new Subscriptions<>();
    meters = new Subscriptions<>();
    return touchedBy(image.asDelta());
  }

  private Set<UnitId> touchedBy(Delta delta) {
    Set<UnitId> touched = new LinkedHashSet<>();
    for (Change change : delta.changes()) {
      Key<?> key = change.key();
      for (FlowRule<?> rule : rulesBySubject.getOrDefault(key.kind(), List.of())) {
        touched.add(new UnitId(rule.name(), key));
      }
      for (View.Read read : View.readsTouchedBy(change)) {
        touched.addAll(readers.getOrDefault(read, Set.of()));
      }
    }
    return touched;
  }

  private Unit run(UnitId id, Image image) {
    Row subject = image.find(id.subject()).orElse(null);
    if (subject == null) {
      tables.release(id);
      return Unit.NONE;
    }
    View view = new View(image);
    FlowSink sink = new FlowSink();
    try {
      compile(ruleNamed(id), subject, view, sink);
      tables.release(id);
      return new Unit(sink.output(), Set.copyOf(view.reads()));
    } catch (RuntimeException e) {
      if (onFault == OnFault.FAIL) {
        throw new IllegalStateException("unit " + id + " failed", e);
      }
      tables.quarantine(new Quarantined(id, "the rule failed: " + e));
      return new Unit(UnitOutput.NOTHING, Set.copyOf(view.reads()));
    }
  }

  private FlowRule<?> ruleNamed(UnitId id) {
    for (FlowRule<?> rule : rulesBySubject.getOrDefault(id.subject().kind(), List.of())) {
      if (rule.name().equals(id.rule())) {
        return rule;
      }
    }
    throw new IllegalStateException("no rule makes " + id);
  }

  @SuppressWarnings("unchecked") // rules are filed under the kind of their subject
  private static <S extends Row> void compile(
      FlowRule<S> rule, Row subject, View view, FlowSink sink) {
    rule.compile((S) subject, view, sink);
  }

  /// First everything that goes, then everything that comes: a match may pass from one unit to
  /// another in one revision.
  private void replaceOutputs(Map<UnitId, Unit> after, Set<HostId> hosts) {
    Map<UnitId, UnitOutput> before = new HashMap<>();
    after.forEach((id, unit) -> {
      Unit old = units.getOrDefault(id, Unit.NONE);
      before.put(id, old.output());
      old.reads().forEach(read -> forget(read, id));
      unit.reads()
          .forEach(read -> readers.computeIfAbsent(read, k -> new LinkedHashSet<>()).add(id));
      if (unit.equals(Unit.NONE)) {
        units.remove(id);
      } else {
        units.put(id, unit);
      }
      if (!old.output().equals(unit.output())) {
        tables.remove(id, old.output(), unit.output());
      }
    });
    after.forEach((id, unit) -> {
      UnitOutput old = before.getOrDefault(id, UnitOutput.NOTHING);
      if (!old.equals(unit.output())) {
        tables.add(id, old, unit.output());
        changeHolders(old, unit.output(), hosts);
      }
    });
  }

  private void forget(View.Read read, UnitId reader) {
    readers.computeIfPresent(
        read,
        (k, ids) -> {
          ids.remove(reader);
          return ids.isEmpty() ? null : ids;
        });
  }

  private void changeHolders(UnitOutput old, UnitOutput now, Set<HostId> hosts) {
    for (UnitOutput.Subscription added : now.subscriptions()) {
      if (subscriptions.add(added.host(), added.set())) {
        hosts.add(added.host());
      }
    }
    for (UnitOutput.Subscription gone : old.subscriptions()) {
      if (subscriptions.remove(gone.host(), gone.set())) {
        hosts.add(gone.host());
      }
    }
    for (UnitOutput.HostMeter added : now.meters()) {
      if (meters.add(added.host(), added.meter())) {
        hosts.add(added.host());
      }
    }
    for (UnitOutput.HostMeter gone : old.meters()) {
      if (meters.remove(gone.host(), gone.meter())) {
        hosts.add(gone.host());
      }
    }
  }

  public long revision() {
    return revision;
  }

  /// The sets that a host holds, in the order in which it loads them.
  public SortedSet<FlowSet> setsOf(HostId host) {
    return new TreeSet<>(subscriptions.heldBy(host));
  }

  public Set<HostId> subscribersOf(FlowSet set) {
    return subscriptions.holdersOf(set);
  }

  public Set<HostId> hosts() {
    return subscriptions.holders();
  }

  public Set<Meter> metersOf(HostId host) {
    return meters.heldBy(host);
  }

  /// All flows of a set and its sentinel. The same object for every caller, until the set changes.
  public SetDelta whole(FlowSet set) {
    return tables.whole(set, revision);
  }

  /// What the mark of a set matches on: how a set is told from the others in a dump.
  public long nameHash(FlowSet set) {
    return tables.nameHash(set);
  }

  /// The set whose mark matches on this hash, if we have such a set.
  public Optional<FlowSet> setNamed(long nameHash) {
    return tables.setNamed(nameHash);
  }

  /// The flow that is installed under a cookie, and so the unit and the row it came from.
  public Optional<CompiledFlow> flowUnder(long cookie) {
    return tables.flowUnder(cookie);
  }

  public List<Quarantined> quarantined() {
    return tables.quarantined();
  }

  /// Everything that switches could be told, in one comparable value: how tests check that
  /// incremental equals from scratch.
  public Snapshot snapshot() {
    Map<HostId, Set<FlowSet>> held = new HashMap<>();
    Map<HostId, Set<Meter>> metered = new HashMap<>();
    subscriptions.holders().forEach(host -> held.put(host, Set.copyOf(subscriptions.heldBy(host))));
    meters.holders().forEach(host -> metered.put(host, Set.copyOf(meters.heldBy(host))));
    return new Snapshot(tables.cookies(), held, metered);
  }

  /// @param flows by cookie, which covers set, table, priority, match and actions
  public record Snapshot(
      Map<Long, CompiledFlow> flows,
      Map<HostId, Set<FlowSet>> subscriptions,
      Map<HostId, Set<Meter>> meters) {}
}

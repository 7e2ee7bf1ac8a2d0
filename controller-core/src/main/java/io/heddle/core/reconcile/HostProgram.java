package io.heddle.core.reconcile;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Brings one host's switch to what was compiled, and keeps it there.
///
/// A connect reads the sentinels first: sets in step cost nothing. Only where one differs are the
/// flows dumped and compared by cookie; what is missing is added, then what is too much deleted.
/// After that, each revision's changes follow in order, one bundle in flight.
public final class HostProgram {

  /// How long a switch keeps a set that its host does not need any more: a VM that comes back finds
  /// it there.
  public static final Duration LINGER = Duration.ofMinutes(10);

  private enum Phase {
    OFFLINE,
    READING_SENTINELS,
    READING_FLOWS,
    /// Every change is known here: sent, in flight or queued.
    FOLLOWING
  }

  private final HostId host;
  private final Compiler compiler;

  private Phase phase = Phase.OFFLINE;
  private boolean inFlight;
  private Work sent = Work.NONE;
  private final Deque<Work> queue = new ArrayDeque<>();

  /// What the switch holds once the queue is empty; a set that is not needed any more, with when it
  /// may go.
  private final Set<FlowSet> held = new TreeSet<>();

  private final SortedMap<FlowSet, Instant> lingering = new TreeMap<>();
  private final Map<Integer, Meter> meters = new HashMap<>();
  private final Map<UnitId, String> quarantined = new HashMap<>();
  private long realized;
  private Audit lastAudit = Audit.NONE;
  private boolean auditing;

  /// Changes for one bundle.
  ///
  /// @param alone part of a bundle that was refused: must not be joined with others again
  private record Work(
      List<FlowChange> changes, List<Meter> meters, List<Integer> metersToDelete, boolean alone) {
    static final Work NONE = of(List.of());

    static Work of(List<FlowChange> changes) {
      return new Work(changes, List.of(), List.of(), false);
    }

    boolean isEmpty() {
      return changes.isEmpty() && meters.isEmpty() && metersToDelete.isEmpty();
    }
  }

  public HostProgram(HostId host, Compiler compiler) {
    this.host = host;
    this.compiler = compiler;
  }

  public HostId host() {
    return host;
  }

  /// The last revision that the switch is known to hold whole, but for what is quarantined.
  public long realized() {
    return realized;
  }

  public boolean isConnected() {
    return phase != Phase.OFFLINE;
  }

  /// Units whose flows this switch refused, and what it said.
  public Map<UnitId, String> quarantined() {
    return Map.copyOf(quarantined);
  }

  public Audit lastAudit() {
    return lastAudit;
  }

  /// A session claimed the switch.
  public List<Step> connected() {
    disconnected();
    phase = Phase.READING_SENTINELS;
    return List.of(new Step.ReadSentinels());
  }

  /// The session is gone; what the switch has, it keeps.
  public void disconnected() {
    phase = Phase.OFFLINE;
    inFlight = false;
    auditing = false;
    sent = Work.NONE;
    queue.clear();
    held.clear();
    lingering.clear();
    quarantined.clear();
  }

  /// Table `sentinel` as dumped, and the meters that are there.
  public List<Step> sentinels(
      Collection<InstalledFlow> marks, Collection<Meter> present, Instant now) {
    if (phase != Phase.READING_SENTINELS) {
      return List.of();
    }
    meters.clear();
    present.forEach(meter -> meters.put(meter.id(), meter));
    SentinelCheck check = SentinelCheck.of(marks, compiler, host);
    if (!check.inStep()) {
      phase = Phase.READING_FLOWS;
      return List.of(new Step.ReadFlows());
    }
    phase = Phase.FOLLOWING;
    held.addAll(compiler.setsOf(host));
    for (FlowSet extra : check.unneeded()) {
      held.add(extra);
      lingering.put(extra, now.plus(LINGER));
    }
    enqueueMeters();
    return next();
  }

  /// Asks for a look at every flow; answered like any dump. Does nothing while changes are under
  /// way.
  public List<Step> audit() {
    if (phase != Phase.FOLLOWING || inFlight || !queue.isEmpty() || auditing) {
      return List.of();
    }
    auditing = true;
    return List.of(new Step.ReadFlows());
  }

  /// All flows as dumped.
  public List<Step> flows(Collection<InstalledFlow> dump) {
    if (phase == Phase.FOLLOWING && auditing) {
      auditing = false;
      if (inFlight || !queue.isEmpty()) {
        return List.of(); // the dump may be older than what was sent since
      }
    } else if (phase != Phase.READING_FLOWS) {
      return List.of();
    }
    Set<FlowSet> wanted = new TreeSet<>(compiler.setsOf(host));
    if (phase == Phase.FOLLOWING) {
      wanted.addAll(lingering.keySet());
    } else {
      lingering.clear();
    }
    phase = Phase.FOLLOWING;
    held.clear();
    held.addAll(wanted);
    Repair repair = Repair.of(dump, wanted, compiler, quarantined.keySet());
    lastAudit = repair.audit();
    pack(repair.changes());
    enqueueMeters();
    return next();
  }

  /// A revision was compiled.
  public List<Step> compiled(CompileResult result, Instant now) {
    if (phase != Phase.FOLLOWING) {
      return List.of(); // what is being read will be compared with the newest
    }
    List<FlowChange> changes = new ArrayList<>();
    Set<FlowSet> wanted = compiler.setsOf(host);
    Set<FlowSet> fresh = new HashSet<>();
    for (FlowSet set : wanted) {
      lingering.remove(set);
      if (held.add(set)) {
        fresh.add(set);
        changes.addAll(changesFor(compiler.whole(set)));
      }
    }
    for (SetDelta delta : result.sets()) {
      if (held.contains(delta.set()) && !fresh.contains(delta.set())) {
        changes.addAll(changesFor(delta));
      }
    }
    for (FlowSet set : held) {
      if (!wanted.contains(set)) {
        lingering.putIfAbsent(set, now.plus(LINGER));
      }
    }
    pack(changes);
    if (result.hosts().contains(host)) {
      enqueueMeters();
    }
    return next();
  }

  /// The shared change, unless this host holds some of the set's units back.
  private List<FlowChange> changesFor(SetDelta delta) {
    delta.added().forEach(flow -> quarantined.remove(flow.unit())); // a new version, a new try
    boolean partial = quarantined.keySet().stream().anyMatch(unit -> hasUnit(delta.set(), unit));
    if (!partial) {
      return delta.changes();
    }
    return SetDelta.cut(delta.added(), delta.removed().stream().map(CompiledFlow::cookie).toList());
  }

  private boolean hasUnit(FlowSet set, UnitId unit) {
    return compiler.whole(set).added().stream().anyMatch(flow -> flow.unit().equals(unit));
  }

  /// Removes the sets that nobody needed for a while.
  public List<Step> tick(Instant now) {
    if (phase != Phase.FOLLOWING) {
      return List.of();
    }
    List<FlowChange> changes = new ArrayList<>();
    lingering
        .entrySet()
        .removeIf(entry -> {
          if (entry.getValue().isAfter(now)) {
            return false;
          }
          held.remove(entry.getKey());
          changes.addAll(removal(compiler.whole(entry.getKey())));
          return true;
        });
    pack(changes);
    return next();
  }

  private static List<FlowChange> removal(SetDelta whole) {
    List<Long> cookies = new ArrayList<>();
    whole.added().forEach(flow -> cookies.add(flow.cookie()));
    Optional.ofNullable(whole.sentinel()).ifPresent(mark -> cookies.add(mark.cookie()));
    return SetDelta.cut(List.of(), cookies);
  }

  /// Tries again what the switch refused.
  public List<Step> retry() {
    if (phase != Phase.FOLLOWING || quarantined.isEmpty() || inFlight) {
      return List.of();
    }
    quarantined.clear();
    phase = Phase.READING_FLOWS;
    return List.of(new Step.ReadFlows());
  }

  /// The barrier behind the last bundle came back.
  public List<Step> committed() {
    inFlight = false;
    sent = Work.NONE;
    return phase == Phase.FOLLOWING ? next() : List.of();
  }

  /// The switch refused the last bundle, so nothing of it applies.
  ///
  /// @param culprits the flows it named with what it said, possibly none
  public List<Step> refused(Map<CompiledFlow, String> culprits, String reason) {
    inFlight = false;
    Work refused = sent;
    sent = Work.NONE;
    if (phase != Phase.FOLLOWING) {
      return List.of();
    }
    Map<UnitId, String> units = new HashMap<>();
    culprits.forEach((flow, said) -> units.put(flow.unit(), said));
    if (units.isEmpty()) {
      Set<UnitId> suspects = Bisection.units(refused.changes());
      if (suspects.size() > 1) {
        List<FlowChange> halves = Bisection.halves(refused.changes(), suspects);
        for (int i = halves.size() - 1; i >= 0; i--) {
          queue.addFirst(new Work(List.of(halves.get(i)), List.of(), List.of(), true));
        }
        return next();
      }
      suspects.forEach(unit -> units.put(unit, reason));
    }
    quarantined.putAll(units);
    queue.clear();
    phase = Phase.READING_FLOWS;
    return List.of(new Step.ReadFlows());
  }

  private void pack(List<FlowChange> changes) {
    List<FlowChange> bundle = new ArrayList<>();
    int size = 0;
    for (FlowChange change : changes) {
      if (change.size() == 0) {
        continue;
      }
      if (size > 0 && size + change.size() > SetDelta.MAX_FLOWS_A_CHANGE) {
        queue.add(Work.of(bundle));
        bundle = new ArrayList<>();
        size = 0;
      }
      bundle.add(change);
      size += change.size();
    }
    if (!bundle.isEmpty()) {
      queue.add(Work.of(bundle));
    }
  }

  /// New meters go before everything that waits, old ones after it.
  private void enqueueMeters() {
    Set<Meter> wanted = compiler.metersOf(host);
    List<Meter> missing = new ArrayList<>();
    Set<Integer> unneeded = new HashSet<>(meters.keySet());
    for (Meter meter : wanted) {
      unneeded.remove(meter.id());
      if (!meter.equals(meters.put(meter.id(), meter))) {
        missing.add(meter);
      }
    }
    meters.keySet().removeAll(unneeded);
    if (!missing.isEmpty()) {
      queue.addFirst(new Work(List.of(), missing, List.of(), false));
    }
    if (!unneeded.isEmpty()) {
      queue.addLast(new Work(List.of(), List.of(), List.copyOf(unneeded), false));
    }
  }

  private List<Step> next() {
    if (inFlight) {
      return List.of();
    }
    Work work = takeWork();
    if (work.isEmpty()) {
      realized = compiler.revision();
      return List.of();
    }
    inFlight = true;
    sent = work;
    return List.of(
        new Step.Send(
            work.meters(), Zones.toFlush(work.changes()), work.changes(), work.metersToDelete()));
  }

  /// Small works that wait are sent as one: a bundle's cost is mostly its round trip.
  private Work takeWork() {
    List<FlowChange> changes = new ArrayList<>();
    List<Meter> added = new ArrayList<>();
    List<Integer> deleted = new ArrayList<>();
    int size = 0;
    while (!queue.isEmpty()) {
      Work work = queue.element();
      int more = work.changes().stream().mapToInt(FlowChange::size).sum();
      boolean full = size > 0 && size + more > SetDelta.MAX_FLOWS_A_CHANGE;
      boolean started = !changes.isEmpty() || !added.isEmpty() || !deleted.isEmpty();
      if (full || !deleted.isEmpty() || (started && work.alone())) {
        break;
      }
      queue.remove();
      if (work.alone()) {
        return work;
      }
      size += more;
      changes.addAll(work.changes());
      added.addAll(work.meters());
      deleted.addAll(work.metersToDelete());
    }
    return new Work(changes, added, deleted, false);
  }
}

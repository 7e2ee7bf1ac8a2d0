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
import java.util.SortedSet;
import java.util.TreeMap;

/// Brings one host's switch to what was compiled, and keeps it there.
///
/// A connect reads the sentinels first: sets in step cost nothing. Only where one differs are the
/// flows dumped and compared by cookie; what is missing is added, then what is too much deleted.
/// After that, each revision's changes follow in order, one bundle in flight.
///
/// While it is *held*, because this node is not the host's master or can't know whether it still
/// is, nothing is asked or sent. When it may go on, it begins by comparing, as after a connect.
public final class HostProgram {

  /// How long a switch keeps a set that its host does not need any more: a VM that comes back finds
  /// it there.
  public static final Duration LINGER = Duration.ofMinutes(10);

  private enum Phase {
    OFFLINE,
    HELD,
    READING_SENTINELS,
    READING_FLOWS,
    /// Every change is known here: sent, in flight or queued.
    FOLLOWING
  }

  private final HostId host;
  private final Compiler compiler;

  private Phase phase = Phase.OFFLINE;

  /// Rises whenever what is being read is of no use any more.
  private int attempt;

  private boolean reading;
  private int readFor;
  private boolean inFlight;
  private Work sent = Work.NONE;
  private final Deque<Work> queue = new ArrayDeque<>();
  private final Holdings holdings;
  private final Map<Integer, Meter> meters = new HashMap<>();
  private final Map<UnitId, String> quarantined = new HashMap<>();
  private Map<UnitId, String> heldBack = Map.of();
  private long realized;
  private Audit lastAudit = Audit.NONE;

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
    this.holdings = new Holdings(compiler);
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

  public boolean isHeld() {
    return phase == Phase.HELD;
  }

  /// Units whose flows this switch goes without, because it refused them or because two of the sets
  /// that it holds contradict each other; and what was said.
  public Map<UnitId, String> quarantined() {
    Map<UnitId, String> without = new HashMap<>(heldBack);
    without.putAll(quarantined);
    return Map.copyOf(without);
  }

  public Audit lastAudit() {
    return lastAudit;
  }

  /// A session claimed the switch, and this node may program it.
  public List<Step> connected() {
    attached();
    return resume();
  }

  /// A session claimed the switch; nothing is asked or sent before [#resume].
  public void attached() {
    disconnected();
    phase = Phase.HELD;
  }

  /// The session is gone; what the switch has, it keeps.
  public void disconnected() {
    forget(Phase.OFFLINE);
    reading = false;
    inFlight = false;
    sent = Work.NONE;
  }

  /// Nothing is asked or sent any more, until [#resume]. What is under way may still be answered.
  public void hold() {
    if (isConnected()) {
      forget(Phase.HELD);
    }
  }

  /// Goes on after a hold.
  public List<Step> resume() {
    return isHeld() ? start() : List.of();
  }

  /// Everything begins with a look at the sentinels.
  private List<Step> start() {
    forget(Phase.READING_SENTINELS);
    return next();
  }

  private void forget(Phase then) {
    phase = then;
    attempt++;
    queue.clear();
    holdings.forget();
    quarantined.clear();
    heldBack = Map.of();
  }

  /// @return whether the answer to a read is of use
  private boolean answered() {
    boolean current = reading && readFor == attempt;
    reading = false;
    return current;
  }

  /// Table `sentinel` as dumped, and the meters that are there.
  public List<Step> sentinels(
      Collection<InstalledFlow> marks, Collection<Meter> present, Instant now) {
    if (!answered() || !follows(Phase.READING_SENTINELS)) {
      return next();
    }
    meters.clear();
    present.forEach(meter -> meters.put(meter.id(), meter));
    SentinelCheck check = SentinelCheck.of(marks, compiler, host);
    if (!check.inStep()) {
      return compare();
    }
    phase = Phase.FOLLOWING;
    holdings.replace(compiler.setsOf(host));
    check.unneeded().forEach(extra -> holdings.linger(extra, now.plus(LINGER)));
    enqueueMeters();
    return next();
  }

  /// Dumps all flows and compares them.
  private List<Step> compare() {
    phase = Phase.READING_FLOWS;
    attempt++;
    queue.clear();
    return next();
  }

  /// The host is in scope: the compiler knows all that its switch should hold.
  private boolean follows(Phase wanted) {
    return phase == wanted && compiler.isInScope(host);
  }

  /// Asks for a look at every flow; answered like any dump. Does nothing while changes are under
  /// way.
  public List<Step> audit() {
    if (!follows(Phase.FOLLOWING) || inFlight || !queue.isEmpty() || reading) {
      return List.of();
    }
    return read(new Step.ReadFlows());
  }

  private List<Step> read(Step step) {
    reading = true;
    readFor = attempt;
    return List.of(step);
  }

  /// All flows as dumped.
  public List<Step> flows(Collection<InstalledFlow> dump) {
    boolean auditing = phase == Phase.FOLLOWING;
    if (!answered() || !(follows(Phase.FOLLOWING) || follows(Phase.READING_FLOWS))) {
      return next();
    }
    if (auditing && (inFlight || !queue.isEmpty())) {
      return next(); // the dump may be older than what was sent since
    }
    if (!auditing) {
      holdings.replace(compiler.setsOf(host));
      heldBack = compiler.heldBack(holdings.all());
    }
    phase = Phase.FOLLOWING;
    Repair repair = Repair.of(dump, holdings.all(), compiler, quarantined().keySet());
    lastAudit = repair.audit();
    pack(repair.changes());
    enqueueMeters();
    return next();
  }

  /// A revision was compiled, or another scope.
  public List<Step> compiled(CompileResult result, Instant now) {
    if (!follows(Phase.FOLLOWING)) {
      return List.of(); // what is being read will be compared with the newest
    }
    if (result.anew()) {
      return start();
    }
    boolean otherNeeds = result.hosts().contains(host);
    if (!otherNeeds && result.sets().stream().noneMatch(set -> holdings.contains(set.set()))) {
      return next();
    }
    SortedMap<FlowSet, List<FlowChange>> changes = new TreeMap<>();
    if (otherNeeds) {
      takeNewSets(changes, now);
    }
    for (SetDelta delta : result.sets()) {
      if (holdings.contains(delta.set())) {
        changes.computeIfAbsent(delta.set(), set -> changesFor(delta));
      }
    }
    if (!heldBack.equals(compiler.heldBack(holdings.all()))) {
      return compare();
    }
    changes.values().forEach(this::pack);
    if (otherNeeds) {
      enqueueMeters();
    }
    return next();
  }

  private void takeNewSets(SortedMap<FlowSet, List<FlowChange>> changes, Instant now) {
    SortedSet<FlowSet> needed = compiler.setsOf(host);
    for (FlowSet set : needed) {
      if (holdings.need(set)) {
        changes.put(set, changesFor(compiler.whole(set)));
      }
    }
    for (FlowSet set : holdings.all()) {
      if (!needed.contains(set)) {
        holdings.linger(set, now.plus(LINGER));
      }
    }
  }

  /// The shared change, unless this switch goes without some of the set's units.
  private List<FlowChange> changesFor(SetDelta delta) {
    if (quarantined.isEmpty() && heldBack.isEmpty()) {
      return delta.changes();
    }
    Set<UnitId> retried = new HashSet<>();
    delta.added().forEach(flow -> retried.add(flow.unit())); // a new version, a new try
    delta.removed().forEach(flow -> retried.add(flow.unit()));
    retried.retainAll(quarantined.keySet());
    quarantined.keySet().removeAll(retried);
    Set<UnitId> without = quarantined().keySet();
    if (retried.isEmpty() && !hasAny(compiler.whole(delta.set()), without)) {
      return delta.changes();
    }
    List<CompiledFlow> adds = new ArrayList<>();
    delta.added().stream()
        .filter(flow -> !without.contains(flow.unit()) && !retried.contains(flow.unit()))
        .forEach(adds::add);
    adds.addAll(missing(delta.set(), retried));
    return SetDelta.cut(adds, delta.removed().stream().map(CompiledFlow::cookie).toList());
  }

  /// True if some of the units make flows, or the mark, of the set.
  private static boolean hasAny(SetDelta whole, Set<UnitId> units) {
    CompiledFlow mark = whole.sentinel();
    return (mark != null && units.contains(mark.unit()))
        || whole.added().stream().anyMatch(flow -> units.contains(flow.unit()));
  }

  /// What a set lacks on this switch without these units: their flows and, if nothing else is
  /// lacking, the set's mark.
  private List<CompiledFlow> missing(FlowSet set, Set<UnitId> units) {
    SetDelta whole = compiler.whole(set);
    Set<UnitId> without = quarantined().keySet();
    List<CompiledFlow> missing = new ArrayList<>();
    CompiledFlow mark = whole.sentinel();
    boolean complete = mark != null && !without.contains(mark.unit());
    for (CompiledFlow flow : whole.added()) {
      if (units.contains(flow.unit())) {
        missing.add(flow);
      }
      complete &= !without.contains(flow.unit());
    }
    if (complete && mark != null) {
      missing.add(mark);
    }
    return missing;
  }

  /// Removes the sets that nobody needed for a while.
  public List<Step> tick(Instant now) {
    if (!follows(Phase.FOLLOWING)) {
      return List.of();
    }
    for (FlowSet set : holdings.expired(now)) {
      pack(removal(compiler.whole(set)));
      holdings.drop(set);
    }
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
    if (!follows(Phase.FOLLOWING) || quarantined.isEmpty() || inFlight) {
      return List.of();
    }
    Set<UnitId> retried = Set.copyOf(quarantined.keySet());
    quarantined.clear();
    for (FlowSet set : holdings.all()) {
      if (hasAny(compiler.whole(set), retried)) {
        pack(SetDelta.cut(missing(set, retried), List.of()));
      }
    }
    return next();
  }

  /// The barrier behind the last bundle came back.
  public List<Step> committed() {
    inFlight = false;
    sent = Work.NONE;
    return next();
  }

  /// The switch refused the last bundle, so nothing of it applies.
  ///
  /// @param culprits the flows it named with what it said, possibly none
  public List<Step> refused(Map<CompiledFlow, String> culprits, String reason) {
    inFlight = false;
    Work refused = sent;
    sent = Work.NONE;
    if (phase != Phase.FOLLOWING) {
      return next();
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
    return compare();
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

  /// What is to be done now, if anything.
  private List<Step> next() {
    return switch (phase) {
      case OFFLINE, HELD -> List.of();
      case READING_SENTINELS -> isIdle() ? read(new Step.ReadSentinels()) : List.of();
      case READING_FLOWS -> isIdle() ? read(new Step.ReadFlows()) : List.of();
      case FOLLOWING -> inFlight ? List.of() : send();
    };
  }

  /// Nothing is under way: what is read from now on is what the switch has.
  private boolean isIdle() {
    return !reading && !inFlight;
  }

  private List<Step> send() {
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

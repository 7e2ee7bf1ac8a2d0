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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Brings one host's switch to what was compiled, and keeps it there.
///
/// A connect reads the sentinels first: sets in step cost nothing. Only where one differs are the
/// flows dumped and compared by cookie; what is missing is added, then what is too much deleted.
/// After that, each revision's changes follow in order, one bundle in flight, and a part of the
/// flows at a time is read back to find what others did to them.
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
  private Instant now = Instant.MIN;
  private final Reading reading = new Reading();
  private final Outgoing outgoing = new Outgoing();
  private final Holdings holdings;
  private final MeterBook meters = new MeterBook();
  private final Without without;
  private final Auditing auditing;
  private long realized;

  public HostProgram(HostId host, Compiler compiler, AuditPolicy policy) {
    this.host = host;
    this.compiler = compiler;
    this.holdings = new Holdings(compiler);
    this.without = new Without(compiler);
    this.auditing = new Auditing(policy);
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
    return without.units();
  }

  /// What the last look at each part of the switch found.
  public Audit lastAudit() {
    return auditing.totals();
  }

  /// What was found by the last look that found anything.
  public List<Difference> lastDifferences() {
    return auditing.differences();
  }

  /// How many differences all looks found so far.
  public long findings() {
    return auditing.findings();
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
    auditing.abandon("the connection to its switch ended");
    reading.reset();
    outgoing.reset();
  }

  /// Nothing is asked or sent any more, until [#resume]. What is under way may still be answered.
  public void hold() {
    if (isConnected()) {
      forget(Phase.HELD);
      auditing.abandon("this node may not speak to its switch any more");
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
    reading.invalidate();
    outgoing.clear();
    holdings.forget();
    without.clear();
  }

  /// Table `sentinel` as dumped, and the meters that are there.
  public List<Step> sentinels(
      Collection<InstalledFlow> marks, Collection<Meter> present, Instant time) {
    now = time;
    if (!reading.answered() || !isIn(Phase.READING_SENTINELS)) {
      return next();
    }
    meters.read(present);
    SentinelCheck check = SentinelCheck.of(marks, compiler, host);
    if (!check.inStep()) {
      return compare();
    }
    holdings.replace(compiler.setsOf(host));
    check.unneeded().forEach(extra -> holdings.linger(extra, now.plus(LINGER)));
    return follow();
  }

  private List<Step> follow() {
    phase = Phase.FOLLOWING;
    meters.follow(compiler.metersOf(host), outgoing);
    auditing.begin(now, this::flowsHeld, host.hashCode());
    return next();
  }

  /// Dumps all flows and compares them.
  private List<Step> compare() {
    phase = Phase.READING_FLOWS;
    reading.invalidate();
    outgoing.clear();
    holdings.replace(compiler.setsOf(host));
    auditing.interrupted(this::flowsHeld);
    return next();
  }

  /// The host is in scope as well: the compiler knows all that its switch should hold.
  private boolean isIn(Phase wanted) {
    return phase == wanted && compiler.isInScope(host);
  }

  private int flowsHeld() {
    return holdings.all().stream().mapToInt(set -> compiler.whole(set).added().size() + 1).sum();
  }

  /// Asks for a fresh look at every flow and meter, besides those that are made anyway.
  ///
  /// @param repair whether what differs is mended; otherwise the switch is only read
  /// @param answer hears the result once, now or later
  public List<Step> audit(boolean repair, Consumer<AuditResult> answer) {
    if (phase == Phase.OFFLINE || phase == Phase.HELD || !compiler.isInScope(host)) {
      answer.accept(new AuditResult.Unavailable("its switch is not programmed by this node now"));
      return List.of();
    }
    auditing.ask(repair, answer);
    return next();
  }

  /// Flows as dumped, of the part that was asked for; with the first part, the meters.
  public List<Step> flows(Collection<InstalledFlow> dump, Collection<Meter> present) {
    outgoing.stopWatching();
    if (!reading.answered() || !compiler.isInScope(host)) {
      return next();
    }
    return switch (phase) {
      case OFFLINE, HELD, READING_SENTINELS -> next();
      case READING_FLOWS -> gathered(dump, present);
      case FOLLOWING -> looked(dump, present);
    };
  }

  private List<Step> gathered(Collection<InstalledFlow> dump, Collection<Meter> present) {
    if (reading.slice().isFirst()) {
      meters.read(present);
    }
    reading.gather(dump);
    if (!reading.slice().isLast()) {
      return reading.begin(reading.slice().next());
    }
    holdings.replace(compiler.setsOf(host));
    without.heldBackFor(holdings.all());
    Comparison found =
        Comparison.of(reading.gathered(), Slice.firstOf(0), Disturbance.none(), wanted());
    found.replacing().forEach(outgoing::mendTogether);
    outgoing.add(found.mending());
    return follow();
  }

  private Comparison.Wanted wanted() {
    return new Comparison.Wanted(compiler, holdings.all(), without.units().keySet());
  }

  private List<Step> looked(Collection<InstalledFlow> dump, Collection<Meter> present) {
    Slice slice = reading.slice();
    Disturbance disturbance = reading.disturbance();
    Comparison found = Comparison.of(dump, slice, disturbance, wanted());
    if (slice.isFirst() && !disturbance.touchesMeters()) {
      found.compareMeters(present, compiler.metersOf(host));
    }
    boolean mends = auditing.repairs() && found.audit().findings() > 0;
    if (mends) {
      mend(found, slice, present);
    }
    long mending = mends ? outgoing.lastAdded() : 0;
    auditing.looked(slice, new Auditing.Found(found.audit(), found.differences(), mending), now);
    return next();
  }

  private void mend(Comparison found, Slice slice, Collection<Meter> present) {
    if (slice.isFirst() && found.metersDiffer()) {
      meters.read(present);
      meters.follow(compiler.metersOf(host), outgoing);
    }
    found.replacing().forEach(outgoing::mendTogether);
    outgoing.mend(found.mending());
    if (auditing.removesForeign()) {
      outgoing.removeForeign(found.foreign());
    }
  }

  /// A revision was compiled, or another scope.
  public List<Step> compiled(CompileResult result, Instant time) {
    now = time;
    if (!isIn(Phase.FOLLOWING)) {
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
      takeNewSets(changes);
    }
    for (SetDelta delta : result.sets()) {
      if (holdings.contains(delta.set())) {
        changes.computeIfAbsent(delta.set(), set -> without.changesFor(delta));
      }
    }
    if (without.heldBackFor(holdings.all())) {
      return compare();
    }
    changes.values().forEach(outgoing::add);
    if (otherNeeds) {
      meters.follow(compiler.metersOf(host), outgoing);
    }
    return next();
  }

  private void takeNewSets(SortedMap<FlowSet, List<FlowChange>> changes) {
    SortedSet<FlowSet> needed = compiler.setsOf(host);
    for (FlowSet set : needed) {
      if (holdings.need(set)) {
        changes.put(set, without.changesFor(compiler.whole(set)));
      }
    }
    for (FlowSet set : holdings.all()) {
      if (!needed.contains(set)) {
        holdings.linger(set, now.plus(LINGER));
      }
    }
  }

  /// Time has passed: sets that nobody needed for a while go, and the next part is looked at.
  public List<Step> tick(Instant time) {
    now = time;
    if (!isIn(Phase.FOLLOWING)) {
      return List.of();
    }
    for (FlowSet set : holdings.expired(now)) {
      outgoing.add(removal(compiler.whole(set)));
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
    if (!isIn(Phase.FOLLOWING)) {
      return List.of();
    }
    without.retry(holdings.all()).forEach(outgoing::add);
    return next();
  }

  /// The barrier behind the last bundle came back.
  public List<Step> committed() {
    outgoing.committed();
    auditing.committed(outgoing.done());
    return next();
  }

  /// The switch would not take a meter. Flows that use it are refused too, and named then.
  public void meterRefused(int id) {
    meters.refused(id);
  }

  /// The switch refused the last bundle, so nothing of it applies.
  ///
  /// @param culprits the flows it named with what it said, possibly none
  public List<Step> refused(Map<CompiledFlow, String> culprits, String reason) {
    Work refused = outgoing.refused();
    if (phase != Phase.FOLLOWING) {
      return next();
    }
    Map<UnitId, String> units = new HashMap<>();
    culprits.forEach((flow, said) -> units.put(flow.unit(), said));
    if (units.isEmpty()) {
      Set<UnitId> suspects = Bisection.units(refused.changes());
      if (suspects.size() > 1) {
        outgoing.halve(refused, suspects);
        return next();
      }
      if (suspects.isEmpty()) {
        return next(); // it only deleted: what is left of that, the next look finds
      }
      suspects.forEach(unit -> units.put(unit, reason));
    }
    without.quarantine(units);
    return compare();
  }

  /// What is to be done now, if anything.
  private List<Step> next() {
    boolean idle = !reading.isUnderWay() && !outgoing.isUnderWay();
    return switch (phase) {
      case OFFLINE, HELD -> List.of();
      case READING_SENTINELS -> idle ? reading.begin(new Step.ReadSentinels()) : List.of();
      case READING_FLOWS -> idle ? reading.begin(Slice.firstOf(flowsHeld())) : List.of();
      case FOLLOWING -> sendAndLook();
    };
  }

  private List<Step> sendAndLook() {
    List<Step> steps = new ArrayList<>();
    outgoing.next().ifPresent(steps::add);
    if (!outgoing.isUnderWay()) {
      realized = compiler.revision();
      auditing.committed(outgoing.lastAdded());
    }
    Slice slice = reading.isUnderWay() ? null : auditing.toLookAt(now, this::flowsHeld);
    if (slice != null) {
      steps.addAll(reading.begin(slice, outgoing.watch()));
    }
    return steps;
  }
}

package io.heddle.core.reconcile;

import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import io.heddle.core.flow.Meter;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What waits for a switch, in order, and the one piece of it that is under way.
final class Outgoing {

  /// A list, because what waits is replaced where it stands, and a queue otherwise.
  @SuppressWarnings("JdkObsolete")
  private final LinkedList<Work> queue = new LinkedList<>();

  private @Nullable Work underWay;
  private @Nullable Disturbance witness;
  private long added;
  private long done;

  boolean isUnderWay() {
    return underWay != null;
  }

  /// Changes that were compiled. A ct zone whose mark comes with them is flushed first.
  void add(List<FlowChange> changes) {
    pack(changes, true);
  }

  /// Changes that put back what somebody took. A zone whose mark is put back was ours all along,
  /// and connections in it live on.
  void mend(List<FlowChange> changes) {
    pack(changes, false);
  }

  /// Changes that must take effect at once.
  void mendTogether(List<FlowChange> changes) {
    enqueue(Work.ofFlows(changes, List.of(), ++added));
  }

  /// Deletes flows of somebody else. Open vSwitch has hidden flows of its own under cookie 0, and
  /// refuses a delete that would find only these: should the others be gone by then, nothing else
  /// is to be refused with it.
  void removeForeign(List<Long> cookies) {
    List<Long> others = cookies.stream().filter(cookie -> cookie != 0).toList();
    pack(SetDelta.cut(List.of(), others), false);
    if (others.size() < cookies.size()) {
      FlowChange unmarked = new FlowChange(List.of(), List.of(0L));
      enqueue(new Work(List.of(unmarked), List.of(), List.of(), List.of(), ++added, true));
    }
  }

  private void pack(List<FlowChange> changes, boolean flushing) {
    List<FlowChange> bundle = new ArrayList<>();
    int size = 0;
    for (FlowChange change : changes) {
      if (change.size() == 0) {
        continue;
      }
      if (size > 0 && size + change.size() > SetDelta.MAX_FLOWS_A_CHANGE) {
        enqueue(flows(bundle, flushing));
        bundle = new ArrayList<>();
        size = 0;
      }
      bundle.add(change);
      size += change.size();
    }
    if (!bundle.isEmpty()) {
      enqueue(flows(bundle, flushing));
    }
  }

  private Work flows(List<FlowChange> changes, boolean flushing) {
    List<Integer> zones = flushing ? Zones.toFlush(changes) : List.of();
    return Work.ofFlows(changes, zones, ++added);
  }

  private void enqueue(Work work) {
    queue.addLast(work);
    noteIn(witness, work);
  }

  /// New meters go before everything that waits, old ones after it; one that was to go and is
  /// wanted again stays.
  void addMeters(List<Meter> fresh, List<Integer> old) {
    if (!fresh.isEmpty()) {
      Set<Integer> wanted = fresh.stream().map(Meter::id).collect(Collectors.toSet());
      queue.replaceAll(work -> work.keepingMeters(wanted));
      Work work = Work.ofMeters(fresh);
      queue.addFirst(work);
      noteIn(witness, work);
    }
    if (!old.isEmpty()) {
      enqueue(Work.ofDeletedMeters(old, ++added));
    }
  }

  /// Begins to note what is on its way to the switch.
  Disturbance watch() {
    Disturbance watched = new Disturbance();
    noteIn(watched, underWay);
    queue.forEach(work -> noteIn(watched, work));
    witness = watched;
    return watched;
  }

  void stopWatching() {
    witness = null;
  }

  private static void noteIn(@Nullable Disturbance disturbance, @Nullable Work work) {
    if (disturbance != null && work != null) {
      disturbance.add(work.changes());
      if (!work.meters().isEmpty() || !work.metersToDelete().isEmpty()) {
        disturbance.addMeters();
      }
    }
  }

  /// What to send now, if there is anything and nothing is under way.
  Optional<Step.Send> next() {
    if (underWay != null) {
      return Optional.empty();
    }
    Work work = take();
    if (work.isEmpty()) {
      return Optional.empty();
    }
    underWay = work;
    return Optional.of(
        new Step.Send(work.meters(), work.zonesToFlush(), work.changes(), work.metersToDelete()));
  }

  /// Small works that wait are sent as one: a bundle's cost is mostly its round trip.
  private Work take() {
    List<FlowChange> changes = new ArrayList<>();
    List<Integer> zones = new ArrayList<>();
    List<Meter> meters = new ArrayList<>();
    List<Integer> deleted = new ArrayList<>();
    int size = 0;
    long number = 0;
    while (!queue.isEmpty()) {
      Work work = queue.element();
      boolean full = size > 0 && size + work.flowMods() > SetDelta.MAX_FLOWS_A_CHANGE;
      boolean started = !changes.isEmpty() || !meters.isEmpty() || !deleted.isEmpty();
      if (full || !deleted.isEmpty() || (started && work.alone())) {
        break;
      }
      queue.remove();
      if (work.alone()) {
        return work;
      }
      size += work.flowMods();
      changes.addAll(work.changes());
      zones.addAll(work.zonesToFlush());
      meters.addAll(work.meters());
      deleted.addAll(work.metersToDelete());
      number = Math.max(number, work.number());
    }
    return new Work(changes, zones, meters, deleted, number, false);
  }

  void committed() {
    if (underWay != null) {
      done = Math.max(done, underWay.number());
    }
    underWay = null;
  }

  /// @return what was refused
  Work refused() {
    Work refused = underWay == null ? Work.NONE : underWay;
    underWay = null;
    return refused;
  }

  /// Sends what was refused in two parts, so that what is good gets through and what is bad is
  /// found.
  void halve(Work refused, Set<UnitId> suspects) {
    List<FlowChange> halves = Bisection.halves(refused.changes(), suspects);
    for (int i = halves.size() - 1; i >= 0; i--) {
      boolean last = i == halves.size() - 1;
      queue.addFirst(
          new Work(
              List.of(halves.get(i)),
              refused.zonesToFlush(),
              List.of(),
              last ? refused.metersToDelete() : List.of(),
              last ? refused.number() : 0,
              true));
    }
  }

  /// Drops what waits; what is under way can't be called back.
  void clear() {
    queue.clear();
    stopWatching();
  }

  /// The connection is gone, and with it what was under way.
  void reset() {
    clear();
    underWay = null;
  }

  /// The number of what was added last.
  long lastAdded() {
    return added;
  }

  /// The switch has everything up to this number.
  long done() {
    return done;
  }
}

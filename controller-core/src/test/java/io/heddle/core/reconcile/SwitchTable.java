package io.heddle.core.reconcile;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Meter;
import io.heddle.core.pipeline.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/// A switch's tables, and the messages that are on their way to it.
final class SwitchTable {

  final Map<Flow.Key, InstalledFlow> flows = new HashMap<>();
  final Map<Integer, Meter> meters = new HashMap<>();
  final List<Integer> flushed = new ArrayList<>();
  final LinkedList<Step> coming = new LinkedList<>();
  Predicate<CompiledFlow> refuses = flow -> false;
  boolean saysWhich = true;
  int flowMods;
  Instant now = Instant.EPOCH;

  /// Which of the messages on their way is dealt with next, of so many.
  IntUnaryOperator order = count -> 0;

  /// What a read sees is what is there when it is sent, or when it is answered.
  private final Map<Step, List<InstalledFlow>> seenEarly = new IdentityHashMap<>();

  void take(List<Step> steps) {
    coming.addAll(steps);
    for (Step step : steps) {
      if (step instanceof Step.ReadFlows && order.applyAsInt(2) == 1) {
        seenEarly.put(step, all());
      }
    }
  }

  List<InstalledFlow> all() {
    return List.copyOf(flows.values());
  }

  void put(InstalledFlow flow) {
    flows.put(flow.key().orElseThrow(), flow);
  }

  /// Forgets what was on its way, as when a connection ends.
  void disconnect() {
    coming.clear();
    seenEarly.clear();
  }

  void carryOut(HostProgram program) {
    while (!coming.isEmpty()) {
      carryOutOne(program);
    }
  }

  void carryOutOne(HostProgram program) {
    Step step = coming.remove(order.applyAsInt(coming.size()));
    take(
        switch (step) {
          case Step.ReadSentinels() ->
              program.sentinels(
                  all().stream().filter(flow -> flow.table() == Stage.SENTINEL.table()).toList(),
                  meters.values(),
                  now);
          case Step.ReadFlows read -> answer(program, read);
          case Step.Send send -> answer(program, send);
        });
  }

  private List<Step> answer(HostProgram program, Step.ReadFlows read) {
    List<InstalledFlow> early = seenEarly.remove(read);
    Collection<InstalledFlow> seen = early == null ? all() : early;
    Slice slice = read.slice();
    return program.flows(
        seen.stream().filter(flow -> (flow.cookie() & slice.mask()) == slice.cookie()).toList(),
        slice.isFirst() ? meters.values() : List.of());
  }

  private List<Step> answer(HostProgram program, Step.Send send) {
    Map<CompiledFlow, String> refused = new HashMap<>();
    for (FlowChange change : send.changes()) {
      change.adds().stream().filter(refuses).forEach(flow -> refused.put(flow, "no"));
    }
    if (refused.isEmpty()) {
      commit(send);
      return program.committed();
    }
    return program.refused(saysWhich ? refused : Map.of(), "refused");
  }

  void commit(Step.Send send) {
    send.meters().forEach(meter -> meters.put(meter.id(), meter));
    flushed.addAll(send.zonesToFlush());
    for (FlowChange change : send.changes()) {
      flowMods += change.size();
      for (CompiledFlow flow : change.adds()) {
        put(InstalledFlow.of(flow.flow(), flow.cookie()));
      }
      flows.values().removeIf(flow -> change.deletes().contains(flow.cookie()));
    }
    send.metersToDelete().forEach(meters::remove);
  }

  /// What it should hold of these sets, by cookie.
  static Map<Long, Flow> wanted(Compiler compiler, Collection<FlowSet> sets) {
    Map<Long, Flow> wanted = new HashMap<>();
    for (FlowSet set : sets) {
      SetDelta whole = compiler.whole(set);
      whole.added().forEach(flow -> wanted.put(flow.cookie(), flow.flow()));
      CompiledFlow sentinel = whole.sentinel();
      if (sentinel != null) {
        wanted.put(sentinel.cookie(), sentinel.flow());
      }
    }
    return wanted;
  }

  Map<Long, Flow> held() {
    Map<Long, Flow> held = new HashMap<>();
    flows
        .values()
        .forEach(flow -> {
          Flow said = flow.flow();
          if (said != null) {
            held.put(flow.cookie(), said);
          }
        });
    return held;
  }
}

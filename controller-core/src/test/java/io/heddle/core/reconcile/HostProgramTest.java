package io.heddle.core.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FaultyRules;
import io.heddle.core.compile.FlowChange;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.HostScope;
import io.heddle.core.compile.SampleIntent;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Image;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostProgramTest {

  private static final HostId HOST = SampleIntent.HOSTS.get(0);

  /// A switch's tables, and the messages that are on their way to it.
  private static final class Table {
    final Map<Flow.Key, InstalledFlow> flows = new HashMap<>();
    final Map<Integer, Meter> meters = new HashMap<>();
    final List<Integer> flushed = new ArrayList<>();
    final Deque<Step> coming = new ArrayDeque<>();
    Predicate<CompiledFlow> refuses = flow -> false;
    boolean saysWhich = true;
    int flowMods;

    List<InstalledFlow> dump(boolean sentinelsOnly) {
      return flows.values().stream()
          .filter(flow -> !sentinelsOnly || flow.table() == Stage.SENTINEL.table())
          .toList();
    }

    void commit(Step.Send send) {
      send.meters().forEach(meter -> meters.put(meter.id(), meter));
      flushed.addAll(send.zonesToFlush());
      for (FlowChange change : send.changes()) {
        flowMods += change.size();
        for (CompiledFlow flow : change.adds()) {
          flows.put(
              flow.flow().key(),
              new InstalledFlow(flow.flow().table(), flow.cookie(), flow.flow()));
        }
        flows.values().removeIf(flow -> change.deletes().contains(flow.cookie()));
      }
      send.metersToDelete().forEach(meters::remove);
    }
  }

  private final Table table = new Table();
  private Instant now = Instant.EPOCH;

  private void carryOut(HostProgram program) {
    while (!table.coming.isEmpty()) {
      carryOutOne(program);
    }
  }

  private void carryOutOne(HostProgram program) {
    Step step = table.coming.remove();
    table.coming.addAll(
        switch (step) {
          case Step.ReadSentinels() ->
              program.sentinels(table.dump(true), table.meters.values(), now);
          case Step.ReadFlows() -> program.flows(table.dump(false));
          case Step.Send send -> answer(program, send);
        });
  }

  private List<Step> answer(HostProgram program, Step.Send send) {
    Map<CompiledFlow, String> refused = new HashMap<>();
    for (FlowChange change : send.changes()) {
      change.adds().stream().filter(table.refuses).forEach(flow -> refused.put(flow, "no"));
    }
    if (refused.isEmpty()) {
      table.commit(send);
      return program.committed();
    }
    return program.refused(table.saysWhich ? refused : Map.of(), "refused");
  }

  private void assertHoldsExactly(Compiler compiler, Set<FlowSet> sets, String when) {
    Map<Long, Flow> wanted = new HashMap<>();
    for (FlowSet set : sets) {
      SetDelta whole = compiler.whole(set);
      whole.added().forEach(flow -> wanted.put(flow.cookie(), flow.flow()));
      CompiledFlow sentinel = whole.sentinel();
      if (sentinel != null) {
        wanted.put(sentinel.cookie(), sentinel.flow());
      }
    }
    Map<Long, Flow> found = new HashMap<>();
    table.flows.values().forEach(flow -> found.put(flow.cookie(), flow.flow()));
    assertEquals(wanted, found, when);
  }

  private static Compiler compiler(Image image) {
    Compiler compiler = new Compiler(List.of(SampleIntent.feature()), Compiler.OnFault.FAIL);
    compiler.apply(image, image.asDelta());
    return compiler;
  }

  private void compileStep(SampleIntent intent, Compiler compiler, HostProgram program) {
    Image.Applied applied = intent.step();
    CompileResult result = compiler.apply(applied.image(), applied.delta());
    table.coming.addAll(program.compiled(result, now));
  }

  /// Everything at random: changes, answers that lag, disconnects, times without contact or
  /// mastery, hands of strangers in the table, time.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void endsUpHoldingWhatWasCompiled(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SampleIntent intent = new SampleIntent(seed);
    Compiler compiler = compiler(intent.image());
    HostProgram program = new HostProgram(HOST, compiler);
    table.coming.addAll(program.connected());
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          table.coming.clear();
          table.coming.addAll(program.connected());
        }
        case 6 -> program.hold();
        case 7 -> table.coming.addAll(program.resume());
        case 8 -> changeScope(random, compiler, program);
        case 1 -> {
          if (!table.flows.isEmpty() && !program.isConnected()) {
            table.flows.remove(table.flows.keySet().iterator().next());
          }
        }
        case 2 -> {
          program.disconnected();
          table.coming.clear();
        }
        case 3 -> {
          now = now.plus(HostProgram.LINGER.dividedBy(2));
          table.coming.addAll(program.tick(now));
        }
        case 4 -> table.coming.addAll(program.audit());
        case 5 -> {
          if (!table.coming.isEmpty()) {
            carryOutOne(program);
          }
        }
        default -> compileStep(intent, compiler, program);
      }
      if (step % 10 == 9) {
        compiler.scope(HostScope.EVERY_HOST);
        settle(program);
        assertHoldsExactly(compiler, compiler.setsOf(HOST), "seed " + seed + " step " + step);
        assertEquals(compiler.revision(), program.realized());
        assertEquals(compiler.metersOf(HOST), new HashSet<>(table.meters.values()));
      }
    }
  }

  /// The host goes to another node, or comes back from it.
  private void changeScope(SplittableRandom random, Compiler compiler, HostProgram program) {
    if (random.nextBoolean()) {
      program.hold();
      compiler.scope(HostScope.NO_HOST);
    } else {
      compiler.scope(HostScope.EVERY_HOST);
      table.coming.addAll(program.resume());
    }
  }

  private void settle(HostProgram program) {
    table.coming.clear();
    table.coming.addAll(program.connected());
    carryOut(program);
    now = now.plus(HostProgram.LINGER).plusSeconds(1);
    table.coming.addAll(program.tick(now));
    carryOut(program);
    table.coming.addAll(program.audit()); // mends what strangers did to sets that look in step
    carryOut(program);
    table.coming.addAll(program.audit());
    carryOut(program);
    assertTrue(program.lastAudit().isClean(), program.lastAudit().toString());
  }

  private Compiler grown(SampleIntent intent, int steps) {
    for (int i = 0; i < steps; i++) {
      intent.step();
    }
    return compiler(intent.image());
  }

  @Test
  void aSwitchThatIsRightGetsNothingAfterARestart() {
    SampleIntent intent = new SampleIntent(4);
    HostProgram before = new HostProgram(HOST, grown(intent, 60));
    table.coming.addAll(before.connected());
    carryOut(before);
    assertFalse(table.flows.isEmpty());
    int flowMods = table.flowMods;
    List<Integer> flushed = List.copyOf(table.flushed);

    HostProgram after = new HostProgram(HOST, compiler(intent.image()));
    table.coming.addAll(after.connected());
    carryOut(after);
    assertEquals(flowMods, table.flowMods);
    assertEquals(flushed, table.flushed);
    assertEquals(intent.image().revision(), after.realized());
  }

  @Test
  void anAlteredFlowIsFoundByItsContentAndMended() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler);
    table.coming.addAll(program.connected());
    carryOut(program);
    InstalledFlow victim = table.dump(false).get(0);
    Flow flow = Objects.requireNonNull(victim.flow());
    Flow altered = new Flow(flow.table(), flow.priority(), flow.match(), List.of());
    table.flows.put(flow.key(), new InstalledFlow(flow.table(), victim.cookie(), altered));
    Flow foreign = new Flow(0, 7, flow.match(), List.of());
    table.flows.put(foreign.key(), new InstalledFlow(0, 0x99, foreign));
    table.coming.addAll(program.audit());
    carryOut(program);
    if (!flow.actions().isEmpty()) {
      assertEquals(1, program.lastAudit().altered());
    }
    assertEquals(1, program.lastAudit().foreign());
    assertTrue(table.flows.containsKey(foreign.key()), "what is not ours is left alone");
    table.flows.remove(foreign.key());
    assertHoldsExactly(compiler, compiler.setsOf(HOST), "after the audit");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefusedUnitIsHeldBackAndTheRestRealises(boolean saysWhich) {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler);
    table.saysWhich = saysWhich;
    CompiledFlow bad =
        compiler.whole(FlowSet.host(HOST)).added().stream()
            .filter(flow -> flow.flow().table() == Stage.CLASSIFY.table())
            .findFirst()
            .orElseThrow();
    table.refuses = flow -> flow.cookie() == bad.cookie();
    table.coming.addAll(program.connected());
    carryOut(program);
    assertEquals(Set.of(bad.unit()), program.quarantined().keySet());
    assertEquals(compiler.revision(), program.realized());
    assertFalse(table.flows.containsKey(bad.flow().key()));
    long others =
        compiler.setsOf(HOST).stream()
            .flatMap(set -> compiler.whole(set).added().stream())
            .filter(flow -> !flow.unit().equals(bad.unit()))
            .count();
    assertTrue(table.flows.size() >= others, table.flows.size() + " of " + others);

    table.refuses = flow -> false;
    table.coming.addAll(program.retry());
    carryOut(program);
    assertTrue(program.quarantined().isEmpty());
    assertHoldsExactly(compiler, compiler.setsOf(HOST), "after the retry");
  }

  @Test
  void aZoneIsFlushedBeforeItsFirstUseAndNeverAgain() {
    SampleIntent intent = new SampleIntent(4);
    HostProgram program = new HostProgram(HOST, grown(intent, 60));
    table.coming.addAll(program.connected());
    carryOut(program);
    assertEquals(new HashSet<>(table.flushed).size(), table.flushed.size());
    assertFalse(table.flushed.isEmpty());
  }

  @Test
  void aHeldProgramSendsNothingAndBeginsByComparing() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler);
    table.coming.addAll(program.connected());
    carryOut(program);
    int flowMods = table.flowMods;
    program.hold();
    for (int i = 0; i < 30; i++) {
      compileStep(intent, compiler, program);
    }
    now = now.plus(HostProgram.LINGER).plusSeconds(1);
    table.coming.addAll(program.tick(now));
    table.coming.addAll(program.audit());
    table.coming.addAll(program.retry());
    assertEquals(List.of(), List.copyOf(table.coming));
    assertEquals(flowMods, table.flowMods);
    table.coming.addAll(program.resume());
    assertEquals(List.of(new Step.ReadSentinels()), List.copyOf(table.coming));
    carryOut(program);
    assertHoldsExactly(compiler, compiler.setsOf(HOST), "after the hold");
  }

  /// A bundle that is under way while the program is held may be in the switch, or not yet: it is
  /// waited for before anything is read.
  @Test
  void nothingIsReadWhileABundleIsUnderWay() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler);
    table.coming.addAll(program.connected());
    carryOutOne(program); // sentinels
    carryOutOne(program); // flows
    Step.Send underWay = (Step.Send) table.coming.remove();
    program.hold();
    assertEquals(List.of(), program.resume());
    table.commit(underWay);
    table.coming.addAll(program.committed());
    assertEquals(List.of(new Step.ReadSentinels()), List.copyOf(table.coming));
    carryOut(program);
    assertHoldsExactly(compiler, compiler.setsOf(HOST), "after the bundle");
  }

  @Test
  void aHostThatIsAnotherNodesIsLeftAsItIs() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler);
    table.coming.addAll(program.connected());
    carryOut(program);
    Map<Flow.Key, InstalledFlow> left = Map.copyOf(table.flows);
    table.coming.addAll(program.compiled(compiler.scope(HostScope.NO_HOST), now));
    for (int i = 0; i < 30; i++) {
      compileStep(intent, compiler, program);
      now = now.plus(HostProgram.LINGER);
      table.coming.addAll(program.tick(now));
      table.coming.addAll(program.audit());
      carryOut(program);
    }
    assertEquals(left, table.flows);
  }

  /// A unit that was refused is tried again with all its flows when any of them changes, and the
  /// set's mark comes only when the set is whole.
  @Test
  void aRefusedUnitThatChangesIsTriedWhole() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler);
    table.refuses = flow -> flow.unit().rule().equals("Reachable");
    table.coming.addAll(program.connected());
    carryOut(program);
    assertFalse(program.quarantined().isEmpty());
    table.refuses = flow -> false;
    for (int i = 0; i < 60; i++) {
      compileStep(intent, compiler, program);
      carryOut(program);
      assertMarksSayTheTruth(compiler, program, "step " + i);
    }
  }

  /// A mark is there only with every flow of its set.
  private void assertMarksSayTheTruth(Compiler compiler, HostProgram program, String when) {
    Set<Long> cookies = new HashSet<>();
    table.flows.values().forEach(flow -> cookies.add(flow.cookie()));
    for (FlowSet set : compiler.setsOf(HOST)) {
      SetDelta whole = compiler.whole(set);
      CompiledFlow mark = whole.sentinel();
      List<CompiledFlow> lacking =
          whole.added().stream().filter(flow -> !cookies.contains(flow.cookie())).toList();
      assertTrue(
          lacking.stream().allMatch(flow -> program.quarantined().containsKey(flow.unit())),
          when + " lacks " + lacking);
      if (mark != null && cookies.contains(mark.cookie())) {
        assertEquals(List.of(), lacking, when + " " + set);
      }
    }
  }

  /// Two sets of ours that make one match: the first in order has it, and the unit of the other is
  /// held back on hosts that hold both, for as long as it is so.
  @Test
  void aMatchOfTwoSetsIsTheFirstOnes() {
    SampleIntent intent = new SampleIntent(4);
    for (int i = 0; i < 60; i++) {
      intent.step();
    }
    Compiler compiler = new Compiler(FaultyRules.features(), Compiler.OnFault.QUARANTINE);
    compiler.apply(intent.image(), intent.image().asDelta());
    HostProgram program = new HostProgram(HOST, compiler);
    table.coming.addAll(program.connected());
    carryOut(program);
    int without = 0;
    for (int i = 0; i < 60; i++) {
      compileStep(intent, compiler, program);
      carryOut(program);
      assertMarksSayTheTruth(compiler, program, "step " + i);
      Set<UnitId> held = compiler.heldBack(compiler.setsOf(HOST)).keySet();
      assertTrue(program.quarantined().keySet().containsAll(held), "step " + i);
      without += held.size();
    }
    assertTrue(without > 0);
  }
}

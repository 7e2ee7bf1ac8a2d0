package io.heddle.core.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FaultyRules;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.HostScope;
import io.heddle.core.compile.SampleIntent;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.compile.UnitId;
import io.heddle.core.flow.Flow;
import io.heddle.core.model.HostId;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Image;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostProgramTest {

  private static final AuditPolicy POLICY = AuditPolicy.DEFAULT;
  private static final HostId HOST = SampleIntent.HOSTS.get(0);

  private final SwitchTable table = new SwitchTable();
  private final List<AuditResult> answers = new ArrayList<>();

  private void assertHoldsExactly(Compiler compiler, Set<FlowSet> sets, String when) {
    assertEquals(SwitchTable.wanted(compiler, sets), table.held(), when);
    assertEquals(table.held().size(), table.flows.size(), when);
  }

  private static Compiler compiler(Image image) {
    Compiler compiler = new Compiler(List.of(SampleIntent.feature()), Compiler.OnFault.FAIL);
    compiler.apply(image, image.asDelta());
    return compiler;
  }

  private void compileStep(SampleIntent intent, Compiler compiler, HostProgram program) {
    Image.Applied applied = intent.step();
    CompileResult result = compiler.apply(applied.image(), applied.delta());
    table.take(program.compiled(result, table.now));
  }

  /// Everything at random: changes, answers that lag and overtake each other, disconnects, times
  /// without contact or mastery, hands of strangers in the table, time.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void endsUpHoldingWhatWasCompiled(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Strangers strangers = new Strangers(table, random);
    table.order = random::nextInt;
    SampleIntent intent = new SampleIntent(seed);
    Compiler compiler = compiler(intent.image());
    HostProgram program = new HostProgram(HOST, compiler, POLICY);
    table.take(program.connected());
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(12)) {
        case 0 -> {
          table.disconnect();
          table.take(program.connected());
        }
        case 1 -> strangers.meddle();
        case 2 -> {
          program.disconnected();
          table.disconnect();
        }
        case 3 -> {
          table.now = table.now.plus(HostProgram.LINGER.dividedBy(2));
          table.take(program.tick(table.now));
        }
        case 4 -> look(program, random.nextBoolean());
        case 5 -> program.hold();
        case 6 -> table.take(program.resume());
        case 7 -> changeScope(random, compiler, program);
        case 8, 9 -> {
          if (!table.coming.isEmpty()) {
            table.carryOutOne(program);
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
    assertTrue(answers.stream().anyMatch(answer -> answer instanceof AuditResult.Looked));
    assertTrue(answers.stream().anyMatch(answer -> answer instanceof AuditResult.Unavailable));
  }

  private void look(HostProgram program, boolean repair) {
    table.take(program.audit(repair, answers::add));
  }

  /// The host goes to another node, or comes back from it.
  private void changeScope(SplittableRandom random, Compiler compiler, HostProgram program) {
    if (random.nextBoolean()) {
      program.hold();
      compiler.scope(HostScope.NO_HOST);
    } else {
      compiler.scope(HostScope.EVERY_HOST);
      table.take(program.resume());
    }
  }

  private void settle(HostProgram program) {
    table.disconnect();
    table.take(program.connected());
    table.carryOut(program);
    table.now = table.now.plus(HostProgram.LINGER).plusSeconds(1);
    table.take(program.tick(table.now));
    table.carryOut(program);
    look(program, true); // mends what strangers did to sets that look in step
    table.carryOut(program);
    look(program, true);
    table.carryOut(program);
    assertEquals(0, lastLook().counts().findings(), lastLook().toString());
  }

  private AuditResult.Looked lastLook() {
    return (AuditResult.Looked) answers.get(answers.size() - 1);
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
    HostProgram before = new HostProgram(HOST, grown(intent, 60), POLICY);
    table.take(before.connected());
    table.carryOut(before);
    assertFalse(table.flows.isEmpty());
    int flowMods = table.flowMods;
    List<Integer> flushed = List.copyOf(table.flushed);

    HostProgram after = new HostProgram(HOST, compiler(intent.image()), POLICY);
    table.take(after.connected());
    table.carryOut(after);
    assertEquals(flowMods, table.flowMods);
    assertEquals(flushed, table.flushed);
    assertEquals(intent.image().revision(), after.realized());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefusedUnitIsHeldBackAndTheRestRealises(boolean saysWhich) {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler, POLICY);
    table.saysWhich = saysWhich;
    CompiledFlow bad =
        compiler.whole(FlowSet.host(HOST)).added().stream()
            .filter(flow -> flow.flow().table() == Stage.CLASSIFY.table())
            .findFirst()
            .orElseThrow();
    table.refuses = flow -> flow.cookie() == bad.cookie();
    table.take(program.connected());
    table.carryOut(program);
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
    table.take(program.retry());
    table.carryOut(program);
    assertTrue(program.quarantined().isEmpty());
    assertHoldsExactly(compiler, compiler.setsOf(HOST), "after the retry");
  }

  @Test
  void aZoneIsFlushedBeforeItsFirstUseAndNeverAgain() {
    SampleIntent intent = new SampleIntent(4);
    HostProgram program = new HostProgram(HOST, grown(intent, 60), POLICY);
    table.take(program.connected());
    table.carryOut(program);
    assertEquals(new HashSet<>(table.flushed).size(), table.flushed.size());
    assertFalse(table.flushed.isEmpty());
  }

  @Test
  void aHeldProgramSendsNothingAndBeginsByComparing() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler, POLICY);
    table.take(program.connected());
    table.carryOut(program);
    int flowMods = table.flowMods;
    program.hold();
    for (int i = 0; i < 30; i++) {
      compileStep(intent, compiler, program);
    }
    table.now = table.now.plus(HostProgram.LINGER).plusSeconds(1);
    table.take(program.tick(table.now));
    look(program, true);
    table.take(program.retry());
    assertEquals(List.of(), List.copyOf(table.coming));
    assertEquals(flowMods, table.flowMods);
    table.take(program.resume());
    assertEquals(List.of(new Step.ReadSentinels()), List.copyOf(table.coming));
    table.carryOut(program);
    assertHoldsExactly(compiler, compiler.setsOf(HOST), "after the hold");
  }

  /// A bundle that is under way while the program is held may be in the switch, or not yet: it is
  /// waited for before anything is read.
  @Test
  void nothingIsReadWhileABundleIsUnderWay() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler, POLICY);
    table.take(program.connected());
    table.carryOutOne(program); // sentinels
    table.carryOutOne(program); // flows
    Step.Send underWay = (Step.Send) table.coming.remove();
    program.hold();
    assertEquals(List.of(), program.resume());
    table.commit(underWay);
    table.take(program.committed());
    assertEquals(List.of(new Step.ReadSentinels()), List.copyOf(table.coming));
    table.carryOut(program);
    assertHoldsExactly(compiler, compiler.setsOf(HOST), "after the bundle");
  }

  @Test
  void aHostThatIsAnotherNodesIsLeftAsItIs() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler, POLICY);
    table.take(program.connected());
    table.carryOut(program);
    Map<Flow.Key, InstalledFlow> left = Map.copyOf(table.flows);
    table.take(program.compiled(compiler.scope(HostScope.NO_HOST), table.now));
    for (int i = 0; i < 30; i++) {
      compileStep(intent, compiler, program);
      table.now = table.now.plus(HostProgram.LINGER);
      table.take(program.tick(table.now));
      look(program, true);
      table.carryOut(program);
    }
    assertEquals(left, table.flows);
  }

  /// A unit that was refused is tried again with all its flows when any of them changes, and the
  /// set's mark comes only when the set is whole.
  @Test
  void aRefusedUnitThatChangesIsTriedWhole() {
    SampleIntent intent = new SampleIntent(4);
    Compiler compiler = grown(intent, 60);
    HostProgram program = new HostProgram(HOST, compiler, POLICY);
    table.refuses = flow -> flow.unit().rule().equals("Reachable");
    table.take(program.connected());
    table.carryOut(program);
    assertFalse(program.quarantined().isEmpty());
    table.refuses = flow -> false;
    for (int i = 0; i < 60; i++) {
      compileStep(intent, compiler, program);
      table.carryOut(program);
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
    HostProgram program = new HostProgram(HOST, compiler, POLICY);
    table.take(program.connected());
    table.carryOut(program);
    int without = 0;
    for (int i = 0; i < 60; i++) {
      compileStep(intent, compiler, program);
      table.carryOut(program);
      assertMarksSayTheTruth(compiler, program, "step " + i);
      Set<UnitId> held = compiler.heldBack(compiler.setsOf(HOST)).keySet();
      assertTrue(program.quarantined().keySet().containsAll(held), "step " + i);
      without += held.size();
    }
    assertTrue(without > 0);
  }
}

package io.heddle.core.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Delta;
import io.heddle.core.store.Image;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompilerTest {

  private static Compiler fresh(Image image) {
    Compiler compiler = new Compiler(List.of(SampleIntent.feature()), Compiler.OnFault.FAIL);
    compiler.apply(image, image.asDelta());
    return compiler;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void incrementalEqualsFromScratchAfterEveryStep(long seed) {
    SampleIntent intent = new SampleIntent(seed);
    Compiler incremental = fresh(intent.image());
    for (int step = 0; step < 200; step++) {
      Image.Applied applied = intent.step();
      incremental.apply(applied.image(), applied.delta());
      assertEquals(
          fresh(applied.image()).snapshot(),
          incremental.snapshot(),
          "seed " + seed + " step " + step);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void deltasAddUpToTheWholeSets(long seed) {
    SampleIntent intent = new SampleIntent(seed);
    Compiler compiler = fresh(intent.image());
    Map<Long, CompiledFlow> switchTable = new HashMap<>();
    Map<Object, Long> byMatch = new HashMap<>();
    for (int step = 0; step < 200; step++) {
      Image.Applied applied = intent.step();
      for (SetDelta delta : compiler.apply(applied.image(), applied.delta()).sets()) {
        for (CompiledFlow flow : delta.added()) {
          Long replaced = byMatch.put(List.of(delta.set(), flow.flow().key()), flow.cookie());
          if (replaced != null) {
            switchTable.remove(replaced);
          }
          switchTable.put(flow.cookie(), flow);
        }
        for (CompiledFlow flow : delta.removed()) {
          assertTrue(switchTable.remove(flow.cookie()) != null, "removed what was never there");
          byMatch.remove(List.of(delta.set(), flow.flow().key()));
        }
        assertEquals(compiler.whole(delta.set()).sentinel(), delta.sentinel());
      }
      assertEquals(compiler.snapshot().flows(), switchTable, "seed " + seed + " step " + step);
    }
  }

  @Test
  void nothingRunsWhereNothingThatWasReadChanged() {
    SampleIntent intent = new SampleIntent(5);
    Compiler compiler = fresh(intent.image());
    Image.Applied applied = intent.step();
    compiler.apply(applied.image(), applied.delta());
    CompileResult idle =
        compiler.apply(applied.image(), new Delta(applied.image().revision(), List.of()));
    assertTrue(idle.ran().isEmpty());
    assertTrue(idle.sets().isEmpty());
  }

  @Test
  void aWholeSetIsOneObjectForEverybodyUntilItChanges() {
    SampleIntent intent = new SampleIntent(4);
    for (int i = 0; i < 50; i++) {
      intent.step();
    }
    Compiler compiler = fresh(intent.image());
    FlowSet set =
        compiler.hosts().stream()
            .findFirst()
            .map(host -> compiler.setsOf(host).first())
            .orElseThrow();
    assertSame(compiler.whole(set), compiler.whole(set));
  }

  /// Makes the match that [SampleIntent.Members] makes, in another set.
  private static final class Trespasser implements FlowRule<Port> {
    @Override
    public Kind<Port> subject() {
      return Port.KIND;
    }

    @Override
    public void compile(Port port, View view, FlowSink flows) {
      flows
          .in(FlowSet.GLOBAL)
          .add(
              Stage.SERVICES,
              100,
              port.adminUp() ? Registers.SOURCE_PORT.is(port.tag()) : Match.inPort(port.tag()),
              Actions.DROP);
    }
  }

  @Test
  void aMatchHasOneOwner() {
    List<Feature> features =
        List.of(SampleIntent.feature(), new Feature("bad", List.of(new Trespasser()), List.of()));
    SampleIntent intent = new SampleIntent(3);
    Compiler strict = new Compiler(features, Compiler.OnFault.FAIL);
    assertThrows(
        IllegalStateException.class,
        () -> {
          for (int i = 0; i < 50; i++) {
            Image.Applied applied = intent.step();
            strict.apply(applied.image(), applied.delta());
          }
        });
    Compiler lenient = new Compiler(features, Compiler.OnFault.QUARANTINE);
    lenient.apply(intent.image(), intent.image().asDelta());
    assertTrue(
        lenient.quarantined().stream()
            .anyMatch(held -> held.reason().contains("already belongs to")),
        lenient.quarantined().toString());
    assertEquals(
        fresh(intent.image()).whole(FlowSet.host(SampleIntent.HOSTS.get(0))).sentinel(),
        lenient.whole(FlowSet.host(SampleIntent.HOSTS.get(0))).sentinel());
  }

  @Test
  void cookiesCarryOurMarkAndDependOnTheKey() {
    SampleIntent intent = new SampleIntent(9);
    for (int i = 0; i < 30; i++) {
      intent.step();
    }
    for (long cookie : fresh(intent.image()).snapshot().flows().keySet()) {
      assertEquals(Cookies.MARK, cookie & Cookies.MARK_MASK);
    }
    FlowSet set = FlowSet.GLOBAL;
    assertTrue(new Cookies("00").nameHash(set) != new Cookies("01").nameHash(set));
  }
}

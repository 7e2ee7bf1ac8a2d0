package io.heddle.core.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.store.Delta;
import io.heddle.core.store.Image;
import java.util.List;
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

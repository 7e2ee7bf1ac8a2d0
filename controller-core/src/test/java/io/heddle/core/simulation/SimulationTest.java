package io.heddle.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// Clusters of three and five nodes, through anything, as often as there are seeds.
///
/// `-Dsimulation.seeds=5000` tries so many, `-Dseed=N` repeats one. A seed that fails says what
/// must not have happened and everything that did.
class SimulationTest {

  private static final int SEEDS = 200;

  /// A mistake that so many seeds do not bring to light is not looked for.
  private static final int SEEDS_FOR_A_MISTAKE = 300;

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.heddle.core");

  @BeforeAll
  static void nodesLogNothing() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void nodesLogAgain() {
    LOGGER.setLevel(null);
  }

  private static List<Long> seeds() {
    Long wanted = Long.getLong("seed");
    long last = wanted == null ? Long.getLong("simulation.seeds", SEEDS) : wanted;
    return LongStream.rangeClosed(wanted == null ? 1 : wanted, last).boxed().toList();
  }

  @Test
  void whateverHappensNothingAcknowledgedIsLostAndNoDeposedNodeChangesAnything() {
    List<Verdict.Figures> runs =
        seeds().parallelStream().map(World.Settings::of).map(Verdict::run).toList();
    Map<Sight, Integer> sights = new EnumMap<>(Sight.class);
    for (Verdict.Figures run : runs) {
      run.sights().forEach((sight, count) -> sights.merge(sight, count, Integer::sum));
    }
    if (runs.size() > SEEDS) {
      System.out.printf(
          "%d seeds: %d revisions, %d events, %s%n",
          runs.size(),
          runs.stream().mapToLong(Verdict.Figures::revision).sum(),
          runs.stream().mapToLong(Verdict.Figures::events).sum(),
          sights);
    }
    if (runs.size() >= SEEDS) {
      for (Sight sight : Sight.values()) {
        assertTrue(sights.containsKey(sight), () -> "never seen: " + sight);
      }
    }
  }

  @Test
  void theSameSeedGoesTheSameWay() {
    Verdict.Figures first = Verdict.run(World.Settings.of(3));
    assertEquals(first, Verdict.run(World.Settings.of(3)));
    assertNotEquals(first.digest(), Verdict.run(World.Settings.of(4)).digest());
  }

  @ParameterizedTest
  @EnumSource
  void aMistakeComesToLight(Mutation mistake) {
    Optional<String> found =
        LongStream.rangeClosed(1, SEEDS_FOR_A_MISTAKE)
            .parallel()
            .mapToObj(seed -> violation(World.Settings.of(seed, mistake)))
            .flatMap(Optional::stream)
            .filter(said -> said.contains(mistake.symptom()))
            .findAny();
    assertTrue(found.isPresent(), () -> "no seed says: " + mistake.symptom());
  }

  private static Optional<String> violation(World.Settings settings) {
    try {
      Verdict.run(settings);
      return Optional.empty();
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage()).lines().findFirst();
    }
  }
}

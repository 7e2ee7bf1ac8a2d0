package io.heddle.openflow.session;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Our connections of several nodes to one switch, in one thread: every message between them, every
/// view and every break comes when the seed says so. Whatever happens, the switch obeys the newest
/// master alone, and what it was brought to never goes back.
///
/// `-Dseed=N` repeats one run, `-Dsimulation.seeds=5000` tries so many.
final class RolesSimulationTest {

  private static final int SEEDS = 300;
  private static final int SEEDS_FOR_A_MISTAKE = 50;

  private static final Logger LOGGER =
      (Logger) LoggerFactory.getLogger("io.heddle.openflow.session");

  @BeforeAll
  static void sessionsLogNothing() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void sessionsLogAgain() {
    LOGGER.setLevel(null);
  }

  private static void run(long seed, RoleSwitch.Mistake mistake) {
    RolesSimulation simulation = new RolesSimulation(seed, mistake);
    try {
      simulation.run();
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed %d (repeat with -Dseed=%d): %s%n%s"
              .formatted(seed, seed, e.getMessage(), simulation.story()),
          e);
    }
  }

  @Test
  void aSwitchObeysTheNewestMasterAloneAndNeverGoesBack() {
    Long wanted = Long.getLong("seed");
    long last = wanted == null ? Long.getLong("simulation.seeds", SEEDS) : wanted;
    for (long seed = wanted == null ? 1 : wanted; seed <= last; seed++) {
      run(seed, RoleSwitch.Mistake.NONE);
    }
  }

  @Test
  void aSwitchThatTookAnyGenerationWouldBeFoundOut() {
    requireFound(RoleSwitch.Mistake.ANY_GENERATION);
  }

  @Test
  void aSwitchThatObeyedSlavesWouldBeFoundOut() {
    requireFound(RoleSwitch.Mistake.SLAVES_ARE_OBEYED);
  }

  private static void requireFound(RoleSwitch.Mistake mistake) {
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () -> {
              for (long seed = 1; seed <= SEEDS_FOR_A_MISTAKE; seed++) {
                run(seed, mistake);
              }
            });
    assertTrue(Objects.requireNonNull(found.getMessage()).contains("obeys"), found::getMessage);
  }
}

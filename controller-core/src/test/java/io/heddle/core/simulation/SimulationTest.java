package io.heddle.core.simulation;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulationTest {
  @Test
  void seeds() {
    ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("io.heddle.core"))
        .setLevel(ch.qos.logback.classic.Level.OFF);
    long first = Long.getLong("seed", 1);
    long count = System.getProperty("seed") == null ? Long.getLong("simulation.seeds", 100) : 1;
    long start = System.nanoTime();
    int failed = 0;
    java.util.Map<String, Integer> kinds = new java.util.TreeMap<>();
    for (long seed = first; seed < first + count; seed++) {
      try {
        Verdict.Figures figures = Verdict.run(World.Settings.of(seed, Set.of()));
        if (count <= 10) {
          System.out.println(seed + " " + figures + java.util.Arrays.toString(figures.endings()));
        }
      } catch (Throwable e) {
        failed++;
        String text = String.valueOf(e.getMessage());
        String last =
            e instanceof AssertionError ? text.substring(text.lastIndexOf("seed ")) : e.toString();
        System.out.println(last.lines().findFirst().orElse(""));
        if (count == 1) {
          System.out.println(text);
          e.printStackTrace(System.out);
        }
      }
    }
    System.out.println(
        count
            + " seeds, "
            + failed
            + " failed, "
            + (System.nanoTime() - start) / 1_000_000
            + " ms");
  }
}

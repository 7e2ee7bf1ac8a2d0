package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rig;
import io.heddle.core.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` in the middle of a burst, several times over on the same directory: what was
/// acknowledged is there, and the revisions have no holes.
@Tag("slow")
class KillTest {

  private static final int KILLS = 3;
  private static final int ACKNOWLEDGED_BEFORE_KILL = 300;
  private static final int IN_FLIGHT = 50;

  @TempDir Path directory;

  private static Store open(Path directory, AtomicReference<Throwable> stopped) throws IOException {
    RatisSettings settings =
        RatisSettings.alone("test", "n1", directory.resolve("log")).withSnapshotEvery(40);
    Store store =
        new Store(
            new RatisLog(settings),
            HistoryArchive.open(directory.resolve("history"), HistoryArchive.Retention.DEFAULT),
            Rig.environment("n1", System.nanoTime(), stopped));
    store.start();
    Rig.await(store.awaitLeading());
    return store;
  }

  /// The process that is killed: creates projects without end and prints each one that was
  /// acknowledged, with its revision.
  static final class Victim {
    public static void main(String[] arguments) throws Exception {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      Store store = open(Path.of(arguments[0]), new AtomicReference<>());
      java.util.concurrent.Semaphore room = new java.util.concurrent.Semaphore(IN_FLIGHT);
      for (int i = 0; ; i++) {
        String id = arguments[1] + "-" + i;
        room.acquire();
        var _ =
            store
                .submit(Rig.creation(id))
                .thenAccept(outcome -> {
                  room.release();
                  if (outcome
                      instanceof Outcome.Committed<ProjectId>(ProjectId project, long revision)) {
                    out.println(project + " " + revision);
                  }
                });
      }
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesAndRevisionsHaveNoHoles() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged.addAll(runAndKill("run" + kill));
    }
    AtomicReference<Throwable> stopped = new AtomicReference<>();
    try (Store store = open(directory, stopped)) {
      for (String line : acknowledged) {
        String[] words = line.split(" ");
        assertTrue(
            store.image().find(new ProjectId(words[0])).isPresent(),
            words[0] + " was acknowledged and is not there");
        assertTrue(Long.parseLong(words[1]) <= store.image().revision());
      }
      long last = store.image().revision();
      assertEquals(
          LongStream.rangeClosed(1, last).boxed().toList(),
          store.history(1, Integer.MAX_VALUE).stream().map(Batch::revision).toList());
      assertNull(stopped.get());
    }
  }

  private List<String> runAndKill(String name) throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                directory.toString(),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.matches(name + "-\\d+ \\d+")) {
          acknowledged.add(line);
        }
        if (acknowledged.size() == ACKNOWLEDGED_BEFORE_KILL) {
          victim.toHandle().destroyForcibly(); // keeps what it has printed readable
        }
      }
    } finally {
      victim.destroyForcibly();
      assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
    }
    assertTrue(acknowledged.size() >= ACKNOWLEDGED_BEFORE_KILL, "only " + acknowledged.size());
    return acknowledged;
  }
}

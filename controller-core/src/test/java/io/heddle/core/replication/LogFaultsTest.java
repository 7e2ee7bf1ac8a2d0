package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.store.Log;
import io.heddle.core.store.Rig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong inside the log is told to whoever reads it, once, and the log can be closed:
/// left to itself Ratis tries the same again without pause, or ends without a word.
class LogFaultsTest {

  @TempDir Path directory;
  private RatisLog log;
  private final Listener reader = new Listener();

  /// Hears everything, and fails where it is told to.
  private static final class Listener implements Log.Reader {
    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger snapshots = new AtomicInteger();
    private final CompletableFuture<Long> leads = new CompletableFuture<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private volatile boolean refusesEntries;
    private volatile boolean refusesSnapshots;

    @Override
    public void apply(byte[] entry) {
      applied.incrementAndGet();
      if (refusesEntries) {
        throw new IllegalStateException("an entry that can't be applied");
      }
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
      snapshots.incrementAndGet();
      out.write("half of one".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      if (refusesSnapshots) {
        throw new IllegalStateException("a snapshot that can't be written");
      }
    }

    @Override
    public void readSnapshot(InputStream in) {}

    @Override
    public void leads(long term) {
      leads.complete(term);
    }

    @Override
    public void follows() {}

    @Override
    public void failed(Throwable cause) {
      failures.add(cause);
    }
  }

  private void start() throws IOException {
    log =
        new RatisLog(
            RatisSettings.alone("test", "n1", directory.resolve("log")).withSnapshotEvery(20));
    log.start(reader);
    Rig.await(reader.leads);
  }

  @AfterEach
  void close() {
    long start = System.nanoTime();
    log.close();
    assertTrue(System.nanoTime() - start < 15_000_000_000L, "it closes");
  }

  private CompletableFuture<Void> append(int entry) {
    return log.append(new byte[] {(byte) entry, 1, 2});
  }

  @Test
  void anEntryThatCannotBeAppliedIsTriedOnce() throws IOException {
    start();
    Rig.await(append(0));
    reader.refusesEntries = true;
    var _ = append(1);
    TestGroup.until("it is told", () -> !reader.failures.isEmpty());
    assertEquals("an entry that can't be applied", reader.failures.getFirst().getMessage());
    assertEquals(2, reader.applied.get());
    assertEquals(1, reader.failures.size());
  }

  @Test
  void aSnapshotThatCannotBeTakenIsTriedAgainLaterAndLeavesNothing() throws IOException {
    start();
    reader.refusesSnapshots = true;
    for (int entry = 0; entry < 100; entry++) {
      Rig.await(append(entry));
    }
    assertEquals(1, reader.snapshots.get());
    assertEquals(List.of(), reader.failures);
    try (Stream<Path> files = Files.walk(directory)) {
      assertEquals(
          List.of(),
          files.filter(file -> file.getFileName().toString().startsWith("snapshot.")).toList());
    }
  }

  @Test
  void aLogThatClosesByItselfSaysSo() throws IOException {
    start();
    log.ask(
        false,
        division -> {
          division.close();
          return true;
        });
    TestGroup.until("it is told", () -> !reader.failures.isEmpty());
    assertTrue(
        reader.failures.getFirst().getMessage().startsWith("Raft closed the log in "),
        reader.failures.toString());
  }

  @Test
  void aDirectoryThatIsGoneIsNoticed() throws IOException {
    start();
    try (Stream<Path> files = Files.walk(directory.resolve("log"))) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    TestGroup.until("it is told", () -> !reader.failures.isEmpty());
    assertTrue(
        reader.failures.getFirst().getMessage().endsWith(" is gone"), reader.failures.toString());
  }
}

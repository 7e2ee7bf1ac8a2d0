package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Leadership;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Batch;
import io.heddle.core.store.History;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rig;
import io.heddle.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store on the real log: real files, real fsync, a group of one.
class RatisLogTest {

  @TempDir Path directory;
  private final AtomicReference<Throwable> stopped = new AtomicReference<>();
  private final List<Store> open = new ArrayList<>();

  private static RatisSettings settings(Path node) {
    return RatisSettings.alone("test", "n1", node.resolve("log"));
  }

  private Store create(Path node, RatisSettings settings) throws IOException {
    History history =
        HistoryArchive.open(node.resolve("history"), HistoryArchive.Retention.DEFAULT);
    Store store = new Store(new RatisLog(settings), history, Rig.environment("n1", 7, stopped));
    open.add(store);
    return store;
  }

  private Store start(Path node, RatisSettings settings) throws IOException {
    Store store = create(node, settings);
    store.start();
    Rig.await(store.awaitLeading());
    return store;
  }

  private Store start(Path node) throws IOException {
    return start(node, settings(node));
  }

  private void stop(Store store) {
    open.remove(store);
    store.close();
  }

  @AfterEach
  void closeAll() {
    List.copyOf(open).forEach(this::stop);
  }

  private static void createAll(Store store, String prefix, int count) {
    List<CompletableFuture<Outcome<ProjectId>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(store.submit(Rig.creation(prefix + i)));
    }
    answers.forEach(answer -> assertInstanceOf(Outcome.Committed.class, Rig.await(answer)));
  }

  private static void createOneByOne(Store store, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      createAll(store, prefix + i + "-", 1);
    }
  }

  /// What a crash would leave, if the system kept its page cache.
  private Path crash(String name) throws IOException {
    Path copy = directory.resolve(name);
    Path running = directory.resolve("node");
    try (Stream<Path> files = Files.walk(running)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(running.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().endsWith(".lock")) {
          Files.copy(file, target);
        }
      }
    }
    return copy;
  }

  private static Path openSegment(Path node) throws IOException {
    try (Stream<Path> files = Files.walk(node)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aRestartRestoresTheImageAndOpensALaterEpoch() throws IOException {
    Path node = directory.resolve("node");
    Store first = start(node);
    createAll(first, "p", 20);
    Image before = first.image();
    assertEquals((1L << 32) + 1, before.require(ClusterView.ID).epoch());
    Path crashed = crash("crashed");
    stop(first);

    for (Path place : List.of(node, crashed)) {
      Store second = start(place);
      Image after = second.image();
      assertEquals(before.revision() + 1, after.revision());
      assertEquals(
          List.of(ClusterView.ID, Leadership.ID),
          after.since(before).changes().stream().map(change -> change.key()).toList());
      assertEquals((1L << 32) + 2, after.require(ClusterView.ID).epoch());
      assertEquals(before.require(Cluster.ID), after.require(Cluster.ID));
      stop(second);
    }
    assertNull(stopped.get());
  }

  @Test
  void snapshotsReplaceTheLogAndTheHistoryOutlivesThem() throws IOException {
    Path node = directory.resolve("node");
    RatisSettings often = settings(node).withSnapshotEvery(20);
    Store first = start(node, often);
    createOneByOne(first, "p", 60);
    Path crashed = crash("crashed");
    Image before = first.image();
    stop(first);
    try (Stream<Path> files = Files.walk(node)) {
      long snapshots =
          files
              .filter(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
              .count();
      assertTrue(snapshots == 1 || snapshots == 2, "kept " + snapshots);
    }
    Store second = start(crashed, settings(crashed).withSnapshotEvery(20));
    assertEquals(
        List.of(ClusterView.ID, Leadership.ID),
        second.image().since(before).changes().stream().map(change -> change.key()).toList());
    assertEquals(
        LongStream.rangeClosed(1, before.revision() + 1).boxed().toList(),
        second.history(1, 1_000).stream().map(Batch::revision).toList());
    assertEquals(60, second.image().count(Project.KIND));
    assertNull(stopped.get());
  }

  @Test
  void whatACrashToreFromTheEndIsCutOffAndNothingAcknowledgedIsLost() throws IOException {
    Store first = start(directory.resolve("node"));
    createOneByOne(first, "p", 10);
    Image before = first.image();
    Path crashed = crash("crashed");
    byte[] written = Files.readAllBytes(openSegment(crashed));
    int end = written.length;
    while (written[end - 1] == 0) {
      end--;
    }
    byte[] torn = written.clone();
    System.arraycopy(written, end - 300, torn, end + 4, 200); // half of a record that never was
    Files.write(openSegment(crashed), torn);
    Store second = start(crashed);
    assertEquals(
        List.of(ClusterView.ID, Leadership.ID),
        second.image().since(before).changes().stream().map(change -> change.key()).toList());
    assertNull(stopped.get());
  }

  @Test
  void anAcknowledgedWriteThatIsMissingFromTheEndStopsTheNode() throws IOException {
    Store first = start(directory.resolve("node"));
    createOneByOne(first, "p", 10);
    Path crashed = crash("crashed");
    Path segment = openSegment(crashed);
    byte[] written = Files.readAllBytes(segment);
    Files.write(segment, java.util.Arrays.copyOf(written, end(written) - 400));
    Store second = create(crashed, settings(crashed));
    CompletableFuture<Long> leading = second.awaitLeading();
    second.start();
    assertThrows(CancellationException.class, () -> Rig.await(leading));
    stop(second);
    assertTrue(
        stopped.get().getMessage().contains("the log has lost what was committed"),
        stopped.get().getMessage());
  }

  private static int end(byte[] written) {
    int end = written.length;
    while (written[end - 1] == 0) {
      end--;
    }
    return end;
  }

  @Test
  void damageInTheMiddleRefusesToStartAndNamesTheFile() throws IOException {
    Store first = start(directory.resolve("node"));
    createOneByOne(first, "p", 10);
    Path crashed = crash("crashed");
    Path segment = openSegment(crashed);
    byte[] written = Files.readAllBytes(segment);
    written[end(written) / 2] ^= 16;
    Files.write(segment, written);
    Store second = create(crashed, settings(crashed));
    LogDamagedException refused = assertThrows(LogDamagedException.class, second::start);
    assertEquals(segment, refused.file());
    assertTrue(refused.getMessage().contains("is damaged, and entry"), refused.getMessage());
    assertTrue(refused.getMessage().contains("restore"), refused.getMessage());
  }

  @Test
  void aDamagedSnapshotRefusesToStartAndNamesTheFile() throws IOException {
    Path node = directory.resolve("node");
    Store first = start(node);
    createAll(first, "p", 5);
    stop(first);
    Path snapshot;
    try (Stream<Path> files = Files.walk(node)) {
      snapshot =
          files
              .filter(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(snapshot);
    bytes[bytes.length / 2] ^= 1;
    Files.write(snapshot, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    Store second = create(node, settings(node));
    LogDamagedException refused = assertThrows(LogDamagedException.class, second::start);
    assertEquals(snapshot, refused.file());
  }

  @Test
  void oneDirectoryServesOneNode() throws IOException {
    Path node = directory.resolve("node");
    start(node);
    RatisLog second = new RatisLog(settings(node));
    Store other = new Store(second, History.none(), Rig.environment("n1", 8, stopped));
    open.add(other);
    IOException refused = assertThrows(IOException.class, other::start);
    assertTrue(refused.getMessage().contains("another process"), refused.getMessage());
  }
}

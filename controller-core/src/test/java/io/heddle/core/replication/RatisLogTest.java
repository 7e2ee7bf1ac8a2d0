package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Row;
import io.heddle.core.store.History;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rig;
import io.heddle.core.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store on the real log: real files, real fsync, a group of one.
class RatisLogTest {

  @TempDir Path directory;
  private final AtomicReference<Throwable> stopped = new AtomicReference<>();
  private final List<Store> open = new ArrayList<>();

  private Store start(long snapshotEvery) throws IOException {
    RatisSettings settings =
        RatisSettings.alone("test", "n1", directory.resolve("log"))
            .withSnapshotEvery(snapshotEvery);
    History history =
        HistoryArchive.open(directory.resolve("history"), HistoryArchive.Retention.DEFAULT);
    Store store = new Store(new RatisLog(settings), history, Rig.environment("n1", 7, stopped));
    open.add(store);
    store.start();
    Rig.await(store.awaitLeading());
    return store;
  }

  private void stop(Store store) {
    open.remove(store);
    store.close();
  }

  @AfterEach
  void close() {
    List.copyOf(open).forEach(this::stop);
    assertNull(stopped.get());
  }

  private static void createAll(Store store, String prefix, int count) {
    List<CompletableFuture<Outcome<ProjectId>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(store.submit(Rig.creation(prefix + i)));
    }
    answers.forEach(answer -> assertInstanceOf(Outcome.Committed.class, Rig.await(answer)));
  }

  static void assertSameRows(Image expected, Image actual) {
    for (Kind<?> kind : Kinds.ALL) {
      assertEquals(
          new HashSet<Row>(expected.all(kind)), new HashSet<Row>(actual.all(kind)), kind.name());
    }
  }

  @Test
  void aRestartRestoresTheSameImageAndOpensANewEpoch() throws IOException {
    Store first = start(RatisSettings.SNAPSHOT_EVERY);
    createAll(first, "p", 20);
    Image before = first.image();
    long epoch = before.require(ClusterView.ID).epoch();
    assertEquals((1L << 32) + 1, epoch);
    stop(first);

    Store second = start(RatisSettings.SNAPSHOT_EVERY);
    Image after = second.image();
    assertEquals(before.revision() + 1, after.revision());
    assertEquals(epoch + 1, after.require(ClusterView.ID).epoch());
    assertEquals(before.count(Project.KIND), after.count(Project.KIND));
  }
}

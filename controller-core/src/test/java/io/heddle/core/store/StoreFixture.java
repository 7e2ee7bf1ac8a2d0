package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Row;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/// Stores on ends of one scripted log.
abstract class StoreFixture {

  final ScriptedLog.Sequence sequence = new ScriptedLog.Sequence();
  final AtomicReference<Throwable> stopped = new AtomicReference<>();
  volatile Instant now = Rig.START;
  private final List<Store> open = new ArrayList<>();

  /// A store and its end of the log.
  record Node(ScriptedLog log, Store store) {
    CompletableFuture<Outcome<ProjectId>> create(String project) {
      return store.submit(Rig.creation(project));
    }
  }

  final Node node(String name) {
    return node(name, History.none());
  }

  final Node node(String name, History history) {
    ScriptedLog log = new ScriptedLog(sequence);
    Store store =
        new Store(log, history, Rig.environment(name, name.hashCode(), () -> now, stopped));
    open.add(store);
    try {
      store.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new Node(log, store);
  }

  final Node leader() {
    Node node = node("n1");
    node.log().lead(1);
    Rig.await(node.store().awaitLeading());
    return node;
  }

  /// A batch that another node got into the log.
  final void commitFromElsewhere(long base, String project) {
    commitFromElsewhere(base, Rig.project(project));
  }

  final void commitFromElsewhere(long base, Row row) {
    sequence.commit(
        BatchCodec.encode(
            new Batch(
                "elsewhere-" + row.key(),
                base,
                Rig.START,
                List.of(new Batch.Entry("elsewhere", "", List.of(Fact.put(row)))))));
  }

  static Outcome.Committed<?> committed(CompletableFuture<? extends Outcome<?>> answer) {
    return assertInstanceOf(Outcome.Committed.class, Rig.await(answer));
  }

  static Problem rejected(CompletableFuture<? extends Outcome<?>> answer) {
    return assertInstanceOf(Outcome.Rejected.class, Rig.await(answer)).problem();
  }

  static void unavailable(CompletableFuture<? extends Outcome<?>> answer) {
    assertInstanceOf(Outcome.Unavailable.class, Rig.await(answer));
  }

  static void notLeading(CompletableFuture<? extends Outcome<?>> answer) {
    assertInstanceOf(Outcome.NotLeading.class, Rig.await(answer));
  }

  static Throwable failure(CompletableFuture<?> answer) {
    return assertThrows(
            ExecutionException.class, () -> answer.get(Rig.PATIENCE_SECONDS, TimeUnit.SECONDS))
        .getCause();
  }

  /// Everything handed to the store before this has taken its turn after it.
  static void settle(Node node) {
    node.store().follow(applied -> {}).close();
    Rig.await(node.store().awaitRevision(0));
  }

  @AfterEach
  final void closeStores() {
    open.forEach(Store::close);
  }
}

package io.heddle.benchmarks.replication;

import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.replication.RatisLog;
import io.heddle.core.replication.RatisSettings;
import io.heddle.core.store.LogGroup.Peer;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Owner;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.vpc.command.CreateProject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// A node in a process of its own that measures what its writes cost when it is told to, and ends
/// with its standard input. Started by [MeasuredGroup].
///
/// Arguments: its name, its directory, the founders as `NAME=PORT,...`. Says `leads` when it does,
/// and a [Sample] for each order `one N` (one write in flight) or `many N`.
final class MeasuredNode {

  /// As many as a busy API would have.
  static final int IN_FLIGHT = 512;

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final Store store;
  private final String name;
  private int created;

  private MeasuredNode(Store store, String name) {
    this.store = store;
    this.name = name;
  }

  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    Path directory = Path.of(arguments[1]);
    List<Peer> founders =
        Stream.of(arguments[2].split(",", -1))
            .map(founder -> founder.split("=", 2))
            .map(words -> new Peer(words[0], "127.0.0.1", Integer.parseInt(words[1])))
            .toList();
    RatisLog log =
        new RatisLog(RatisSettings.founding("benchmark", name, founders, directory.resolve("log")));
    SecureRandom random = new SecureRandom();
    try (Store store =
        new Store(
            log,
            HistoryArchive.open(directory.resolve("history"), HistoryArchive.Retention.DEFAULT),
            new Store.Environment(
                name,
                InstantSource.system(),
                random,
                () -> new UUID(random.nextLong(), random.nextLong()),
                Owner.thread("store"),
                MeasuredNode::die))) {
      store.start();
      var _ = store.awaitLeading().thenAccept(term -> OUT.println("leads"));
      new MeasuredNode(store, name).obey();
    }
    System.exit(0);
  }

  private static void die(Throwable why) {
    OUT.println("failed " + why.getMessage());
    System.exit(1);
  }

  private void obey() throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", -1);
      int count = Integer.parseInt(words[1]);
      OUT.println("sample " + (words[0].equals("one") ? one(count) : many(count)).toLine());
    }
  }

  private CompletableFuture<Outcome<Project>> create() {
    String id = "%s-%d".formatted(name, created++);
    return store.submit(
        Submission.of(
            new CreateProject(new ProjectId(id), id, Map.of(), Project.Quotas.DEFAULT),
            "benchmark",
            "create project " + id));
  }

  private static void requireCommitted(Outcome<Project> outcome) {
    if (!(outcome instanceof Outcome.Committed<Project>)) {
      throw new IllegalStateException("not committed: " + outcome);
    }
  }

  /// One write in flight at a time.
  private Sample one(int count) {
    long[] nanos = new long[count];
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      requireCommitted(create().join());
      nanos[i] = System.nanoTime() - begun;
    }
    return Sample.of(nanos, System.nanoTime() - start);
  }

  /// Many clients at a time.
  private Sample many(int count) {
    long[] nanos = new long[count];
    Semaphore room = new Semaphore(IN_FLIGHT);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquireUninterruptibly();
      int at = i;
      long begun = System.nanoTime();
      var _ =
          create()
              .thenAccept(outcome -> {
                requireCommitted(outcome);
                nanos[at] = System.nanoTime() - begun;
                room.release();
              });
    }
    room.acquireUninterruptibly(IN_FLIGHT);
    return Sample.of(nanos, System.nanoTime() - start);
  }
}

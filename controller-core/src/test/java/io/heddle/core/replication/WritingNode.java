package io.heddle.core.replication;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.LogGroup.Peer;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rig;
import io.heddle.core.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// A node as a process: while it leads it creates projects without end, and prints each one that
/// was acknowledged. It does what it is told on its standard input, and ends with it.
///
/// Arguments: its name, its directory, entries between snapshots, writes in flight, what its
/// projects' names begin with, and the founders as `NAME=PORT,...`; a single one without a port is
/// alone.
///
/// Prints: `started`, `leads TERM`, `ack PROJECT REVISION`, `failed WHY`, `refused WHY`, and when
/// it is told `list`, `project PROJECT` for each and then `revision REVISION`.
final class WritingNode {

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final Store store;
  private final String prefix;
  private final Semaphore room;
  private volatile boolean ending;
  private int written;

  private WritingNode(Store store, String prefix, int inFlight) {
    this.store = store;
    this.prefix = prefix;
    this.room = new Semaphore(inFlight);
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    RatisLog log =
        new RatisLog(
            settings(arguments[0], directory.resolve("log"), arguments[5])
                .withSnapshotEvery(Long.parseLong(arguments[2])));
    AtomicReference<Throwable> stopped = new AtomicReference<>();
    try {
      HistoryArchive history =
          HistoryArchive.open(directory.resolve("history"), HistoryArchive.Retention.DEFAULT);
      Store store =
          new Store(log, history, Rig.environment(arguments[0], System.nanoTime(), stopped));
      var _ =
          store.follow(
              applied -> applied.image().find(Cluster.ID).ifPresent(found -> remember(log, found)));
      store.start();
      OUT.println("started");
      new WritingNode(store, arguments[4], Integer.parseInt(arguments[3])).run(stopped);
    } catch (IOException e) {
      OUT.println("refused " + e.getMessage());
      System.exit(3);
    }
  }

  private static RatisSettings settings(String name, Path directory, String founders) {
    List<Peer> peers =
        Stream.of(founders.split(","))
            .filter(founder -> founder.contains("="))
            .map(founder -> founder.split("=", 2))
            .map(words -> new Peer(words[0], "127.0.0.1", Integer.parseInt(words[1])))
            .toList();
    return peers.isEmpty()
        ? RatisSettings.alone("test", name, directory)
        : RatisSettings.founding("test", name, peers, directory);
  }

  private static void remember(RatisLog log, Cluster cluster) {
    try {
      log.belongsTo(cluster.clusterId());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run(AtomicReference<Throwable> stopped) throws Exception {
    Thread.ofPlatform().daemon().name("orders").start(this::obey);
    CountDownLatch never = new CountDownLatch(1);
    long term = 0;
    while (!ending && stopped.get() == null) {
      Store.Status status = store.status();
      if (!status.leading()) {
        var _ = never.await(10, TimeUnit.MILLISECONDS);
      } else if (status.term() != term) {
        term = status.term();
        OUT.println("leads " + term);
      } else if (room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
        write();
      }
    }
    if (stopped.get() != null) {
      OUT.println("failed " + stopped.get().getMessage());
    }
    store.close();
    System.exit(stopped.get() == null ? 0 : 2);
  }

  private void write() {
    var _ =
        store
            .submit(Rig.creation(prefix + "-" + written++))
            .whenComplete((outcome, unknown) -> {
              room.release();
              if (outcome
                  instanceof Outcome.Committed<ProjectId>(ProjectId project, long revision)) {
                OUT.println("ack " + project + " " + revision);
              }
            });
  }

  private void obey() {
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        if (order.equals("list")) {
          var image = store.image();
          image.all(Project.KIND).forEach(project -> OUT.println("project " + project.id()));
          OUT.println("revision " + image.revision());
        }
      }
    } catch (IOException e) {
      OUT.println("failed " + e.getMessage());
    }
    ending = true;
  }
}

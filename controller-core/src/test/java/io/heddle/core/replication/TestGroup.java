package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.LogGroup.Peer;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rig;
import io.heddle.core.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Nodes of one group in this process: real files, real sockets on the loopback interface.
final class TestGroup implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path directory;
  private final String cluster;
  private final long snapshotEvery;
  private final Function<String, InstantSource> clocks;
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Map<String, Node> running = new LinkedHashMap<>();

  /// A node that runs.
  record Node(
      String name,
      RatisLog log,
      HistoryArchive history,
      Store store,
      AtomicReference<Throwable> stopped) {

    boolean leads() {
      return store.status().leading();
    }

    boolean has(String project) {
      return store.image().find(new ProjectId(project)).isPresent();
    }

    long revision() {
      return store.image().revision();
    }
  }

  TestGroup(Path directory, String cluster, long snapshotEvery) {
    this(directory, cluster, snapshotEvery, name -> InstantSource.fixed(Rig.START));
  }

  /// @param clocks each node's
  TestGroup(
      Path directory, String cluster, long snapshotEvery, Function<String, InstantSource> clocks) {
    this.directory = directory;
    this.cluster = cluster;
    this.snapshotEvery = snapshotEvery;
    this.clocks = clocks;
  }

  Peer peer(String name) {
    return peers.computeIfAbsent(name, unknown -> new Peer(unknown, "127.0.0.1", freePort()));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts the founders and waits until they have a leader and know their cluster.
  TestGroup found(String... names) throws IOException {
    for (String name : names) {
      start(name, List.of(names));
    }
    leader();
    until(
        "they know their cluster",
        () -> running.values().stream().allMatch(node -> node.log().clusterId().isPresent()));
    return this;
  }

  Node start(String name, List<String> founders) throws IOException {
    RatisSettings settings =
        founders.isEmpty()
            ? RatisSettings.joining(cluster, peer(name), home(name).resolve("log"))
            : RatisSettings.founding(
                cluster,
                name,
                founders.stream().map(this::peer).toList(),
                home(name).resolve("log"));
    return start(settings.withSnapshotEvery(snapshotEvery));
  }

  /// As a node does that waits to be added, or that has been here before.
  Node start(String name) throws IOException {
    return start(name, List.of());
  }

  private Node start(RatisSettings settings) throws IOException {
    String name = settings.node();
    RatisLog log = new RatisLog(settings);
    AtomicReference<Throwable> stopped = new AtomicReference<>();
    HistoryArchive history =
        HistoryArchive.open(home(name).resolve("history"), HistoryArchive.Retention.DEFAULT);
    Store store =
        new Store(
            log, history, Rig.environment(name, System.nanoTime(), clocks.apply(name), stopped));
    Node node = new Node(name, log, history, store, stopped);
    running.put(name, node);
    var _ =
        store.follow(
            applied -> applied.image().find(Cluster.ID).ifPresent(found -> remember(node, found)));
    store.start();
    return node;
  }

  private static void remember(Node node, Cluster cluster) {
    try {
      node.log().belongsTo(cluster.clusterId());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path home(String name) {
    return directory.resolve(cluster + "-" + name);
  }

  void stop(String name) {
    running.remove(name).store().close();
  }

  /// Its disk is a new one.
  void wipe(String name) throws IOException {
    try (Stream<Path> all = Files.walk(home(name))) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  Node node(String name) {
    return running.get(name);
  }

  /// The one that serves.
  Node leader() {
    until("somebody leads", () -> running.values().stream().filter(Node::leads).count() == 1);
    return running.values().stream().filter(Node::leads).findFirst().orElseThrow();
  }

  List<Node> followers() {
    Node leader = leader();
    return running.values().stream().filter(node -> node != leader).toList();
  }

  static long create(Node leader, String project) {
    return assertInstanceOf(
            Outcome.Committed.class, Rig.await(leader.store().submit(Rig.creation(project))))
        .revision();
  }

  static List<Long> createAll(Node leader, String prefix, int count) {
    List<CompletableFuture<Outcome<ProjectId>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(leader.store().submit(Rig.creation(prefix + i)));
    }
    return answers.stream()
        .map(answer -> assertInstanceOf(Outcome.Committed.class, Rig.await(answer)).revision())
        .toList();
  }

  /// Every node that runs has this revision, or will within a while.
  void allReach(long revision) {
    running.values().forEach(node -> Rig.await(node.store().awaitRevision(revision)));
  }

  static void until(String what, BooleanSupplier holds) {
    until(PATIENCE, () -> what, holds);
  }

  static void until(Duration patience, Supplier<String> what, BooleanSupplier holds) {
    long end = System.nanoTime() + patience.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within %s: %s".formatted(patience, what.get()));
      }
      try {
        var _ = never.await(10, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    running.values().stream()
        .map(node -> Thread.ofVirtual().start(node.store()::close))
        .toList()
        .forEach(TestGroup::join);
    running.clear();
  }
}

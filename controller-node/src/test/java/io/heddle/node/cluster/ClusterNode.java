package io.heddle.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heddle.node.NodeProcess;
import io.heddle.testkit.api.Api;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.Command;
import io.heddle.testkit.lab.Lab;
import io.heddle.testkit.lab.Netns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A node on a machine of its own: a process in a network namespace, with its data on a disk that
/// outlives it.
final class ClusterNode implements AutoCloseable {
  /// One for all nodes: clients may ask any of them.
  static final String TOKEN = "the-token-that-all-nodes-of-a-test-agree-upon";

  private static final int API_PORT = 7080;
  private static final int LOG_PORT = 7090;
  private static final String MEMORY = "-Xmx256m";
  private static final Duration END = Duration.ofSeconds(15);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final String name;
  private final Lab.Seat seat;
  private final Path folder;
  private final Api api;
  private List<String> options = List.of();
  private @Nullable Process process;
  private int starts;

  /// @param folder for its data and its log
  ClusterNode(String name, Lab.Seat seat, Path folder) {
    this.name = name;
    this.seat = seat;
    this.folder = folder;
    this.api = new Api(URI.create("http://%s:%d".formatted(seat.address(), API_PORT)), TOKEN);
  }

  String name() {
    return name;
  }

  String address() {
    return seat.address();
  }

  Netns netns() {
    return seat.netns();
  }

  /// Its API, as whoever may do everything sees it.
  Api api() {
    return api;
  }

  /// Where the other nodes reach it.
  String clusterAddress() {
    return seat.address() + ":" + LOG_PORT;
  }

  /// By which hosts' databases reach it.
  String manager() {
    return "tcp:%s:%d".formatted(seat.address(), NodeProcess.OVSDB_PORT);
  }

  /// By which hosts' switches reach it.
  String controller() {
    return "tcp:%s:%d".formatted(seat.address(), NodeProcess.OPENFLOW_PORT);
  }

  /// Names this node from one start to the next.
  String session() {
    return name + "/" + starts;
  }

  Path data() {
    return folder.resolve(name);
  }

  Path log() {
    return folder.resolve(name + ".log");
  }

  /// Starts it together with those that found the cluster.
  void startAmong(List<ClusterNode> founders) {
    List<String> peers = new ArrayList<>();
    founders.forEach(
        node -> peers.addAll(List.of("--peer", node.name() + "=" + node.clusterAddress())));
    start(peers);
  }

  /// Starts it to wait until a cluster takes it in.
  void startToJoin(ClusterNode member) {
    start(List.of("--join", member.clusterAddress()));
  }

  /// Starts it with the options of last time, on what it left on its disk.
  void startAgain() {
    start(options);
  }

  private void start(List<String> others) {
    if (isRunning()) {
      throw new IllegalStateException(name + " runs");
    }
    options = List.copyOf(others);
    starts++;
    List<String> all = new ArrayList<>(List.of("--name", name, "--data", data().toString()));
    all.addAll(List.of("--cluster-address", clusterAddress()));
    all.addAll(List.of("--api", seat.address() + ":" + API_PORT, "--insecure-api"));
    all.addAll(List.of("--ovsdb", seat.address() + ":" + NodeProcess.OVSDB_PORT));
    all.addAll(List.of("--openflow", seat.address() + ":" + NodeProcess.OPENFLOW_PORT));
    all.add("--insecure-southbound");
    all.addAll(others);
    try {
      writeToken();
      process = NodeProcess.launch(seat.netns().prefix(), MEMORY, all, log());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void writeToken() throws IOException {
    Path file = data().resolve("admin-token");
    if (!Files.exists(file)) {
      Files.createDirectories(data());
      Files.writeString(file, TOKEN, UTF_8);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  /// `kill -9`.
  void kill() {
    Process _ = running().destroyForcibly();
    int _ = awaitEnd();
  }

  /// Asks it to stop, as a service manager does, and waits.
  void stop() {
    signal("TERM");
    int _ = awaitEnd();
  }

  /// Stops it in its tracks (SIGSTOP), its connections open.
  void freeze() {
    signal("STOP");
  }

  /// Lets it go on as if nothing had been (SIGCONT).
  void thaw() {
    signal("CONT");
  }

  private void signal(String signal) {
    String _ = Command.of("kill", "-" + signal, Long.toString(running().pid())).run();
  }

  private Process running() {
    return Optional.ofNullable(process)
        .orElseThrow(() -> new IllegalStateException(name + " was never started"));
  }

  /// How it ended by itself.
  int awaitEnd() {
    try {
      if (!running().waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end; its log is " + log());
      }
      return running().exitValue();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " ends", stop);
    }
  }

  /// Loses its disk.
  void wipe() {
    try (Stream<Path> files = Files.walk(data())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Waits until it says that requests should be sent to it.
  void awaitReady(Duration limit) {
    Await.until(
        limit,
        name + " to be ready; its log is " + log(),
        () -> !isRunning() || ask("/readyz").accepted());
    if (!isRunning()) {
      throw new AssertionError(name + " ended by itself; its log is " + log());
    }
  }

  ClusterStatus status() {
    return ClusterStatus.of(ask("/v1/cluster").orFail());
  }

  /// Reads something, and does not wait long for a node that can't answer.
  Api.Answer ask(String path) {
    try {
      return api.exchange(Api.Request.of("GET", path, "").within(ANSWER));
    } catch (IOException silence) {
      throw new UncheckedIOException(name + " does not answer: " + silence.getMessage(), silence);
    }
  }

  @Override
  public void close() {
    if (isRunning()) {
      kill();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

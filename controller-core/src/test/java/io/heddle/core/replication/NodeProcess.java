package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A [WritingNode] that runs, on a disk of its own, and what it has said so far. It ends with this
/// process, whatever becomes of it: its standard input does.
final class NodeProcess implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Process shell;
  private final Disk disk;
  private final Thread listener;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Set<String>> lists = new LinkedBlockingQueue<>();
  private final Set<String> listing = new HashSet<>();
  private volatile @Nullable ProcessHandle node;
  private volatile String lastLine = "";

  private NodeProcess(Process shell, Disk disk) {
    this.shell = shell;
    this.disk = disk;
    this.listener = Thread.ofPlatform().daemon().name("listener").start(this::listen);
  }

  /// How a node is run.
  ///
  /// @param around a command that the node's is given to, such as `unshare --time`
  record Plan(
      String name,
      String founders,
      long snapshotEvery,
      int inFlight,
      String prefix,
      List<String> around) {}

  static NodeProcess start(Disk disk, Plan plan) throws IOException {
    List<String> command = new ArrayList<>(plan.around());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            WritingNode.class.getName(),
            plan.name(),
            disk.mountPoint().toString(),
            Long.toString(plan.snapshotEvery()),
            Integer.toString(plan.inFlight()),
            plan.prefix(),
            plan.founders()));
    return new NodeProcess(
        new ProcessBuilder(disk.mounted(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start(),
        disk);
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void heard(String line) {
    lastLine = line;
    if (line.startsWith("ack ")) {
      acknowledged.add(line.split(" ")[1]);
    } else if (line.startsWith("project ")) {
      listing.add(line.substring("project ".length()));
    } else if (line.startsWith("revision ")) {
      lists.add(Set.copyOf(listing));
      listing.clear();
    } else {
      if (line.startsWith("pid ")) {
        node = ProcessHandle.of(Long.parseLong(line.substring(4))).orElse(null);
      }
      said.add(line);
    }
  }

  /// What was acknowledged to somebody.
  Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  Optional<String> lastSaid(Predicate<String> what) {
    return said.reversed().stream().filter(what).findFirst();
  }

  boolean hasSaid(String beginning) {
    return lastSaid(line -> line.startsWith(beginning)).isPresent();
  }

  /// Waits until it has said something that begins like this, and gives it back.
  String awaitSaid(String beginning) {
    until(beginning, () -> hasSaid(beginning) || !shell.isAlive());
    return lastSaid(line -> line.startsWith(beginning))
        .orElseThrow(
            () -> new AssertionError("it ended without '%s': %s".formatted(beginning, said)));
  }

  void awaitAcknowledged(int count) {
    until(count + " acknowledged", () -> acknowledged.size() >= count || hasEnded());
    assertTrue(acknowledged.size() >= count, () -> "only " + acknowledged.size() + ": " + tail());
  }

  List<String> tail() {
    List<String> tail = new ArrayList<>(said);
    tail.add(lastLine);
    return tail;
  }

  boolean hasEnded() {
    return hasSaid("ended ") || !shell.isAlive();
  }

  ProcessHandle node() {
    until("it runs", () -> node != null);
    return node;
  }

  Disk disk() {
    return disk;
  }

  /// Its disk, seen from here.
  Path files() {
    return Path.of("/proc/" + shell.pid() + "/root" + disk.mountPoint());
  }

  /// `kill -9`; the disk stays mounted, and what it has not been told to write stays in memory.
  void kill() {
    node().destroyForcibly();
    awaitSaid("ended ");
  }

  /// Every project that it knows.
  Set<String> projects() throws IOException {
    shell.getOutputStream().write("list\n".getBytes(StandardCharsets.UTF_8));
    shell.getOutputStream().flush();
    until("a list", () -> !lists.isEmpty() || hasEnded());
    Set<String> list = lists.poll();
    return list == null ? Set.of() : list;
  }

  /// Processes take their time where many others run.
  private void until(String what, BooleanSupplier holds) {
    TestGroup.until(PATIENCE, () -> what + ", but: " + tail(), holds);
  }

  @Override
  public void close() throws IOException {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(30, TimeUnit.SECONDS)) {
        ProcessHandle running = node;
        if (running != null) {
          running.destroyForcibly();
        }
        shell.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      listener.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

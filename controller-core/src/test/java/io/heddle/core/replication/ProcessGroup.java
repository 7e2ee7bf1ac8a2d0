package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Three nodes of one group as three processes on three disks, the one that leads writing without
/// end.
final class ProcessGroup implements AutoCloseable {

  private static final List<String> NAMES = List.of("n1", "n2", "n3");

  private final Path directory;
  private final int inFlight;
  private final String founders;
  private final Map<String, Disk> disks = new LinkedHashMap<>();
  private final Map<String, NodeProcess> running = new LinkedHashMap<>();
  private final Set<String> acknowledgedBefore = new HashSet<>();
  private final List<NodeProcess> all = new ArrayList<>();
  private int starts;

  private ProcessGroup(Path directory, int inFlight) {
    this.directory = directory;
    this.inFlight = inFlight;
    this.founders =
        NAMES.stream()
            .map(name -> name + "=" + TestGroup.freePort())
            .collect(Collectors.joining(","));
  }

  static ProcessGroup create(Path directory, int megabytes, int inFlight) throws IOException {
    ProcessGroup group = new ProcessGroup(directory, inFlight);
    for (String name : NAMES) {
      group.disks.put(name, Disk.create(directory, name, megabytes));
    }
    return group;
  }

  ProcessGroup put(String name, Disk disk) {
    disks.put(name, disk);
    return this;
  }

  Disk disk(String name) {
    return disks.get(name);
  }

  ProcessGroup startAll() throws IOException {
    for (String name : NAMES) {
      start(name, List.of());
    }
    return this;
  }

  NodeProcess start(String name, List<String> around) throws IOException {
    NodeProcess node =
        NodeProcess.start(
            disks.get(name),
            new NodeProcess.Plan(name, founders, 200, inFlight, name + "-" + starts++, around));
    running.put(name, node);
    all.add(node);
    return node;
  }

  NodeProcess node(String name) {
    return running.get(name);
  }

  Collection<NodeProcess> nodes() {
    return running.values();
  }

  /// The name of the one that said last that it leads, in the latest term.
  Optional<String> leader() {
    String name = null;
    long latest = 0;
    for (Map.Entry<String, NodeProcess> node : running.entrySet()) {
      long term =
          node.getValue()
              .lastSaid(line -> line.startsWith("leads "))
              .map(line -> Long.parseLong(line.substring("leads ".length())))
              .orElse(0L);
      if (term > latest && !node.getValue().hasEnded()) {
        latest = term;
        name = node.getKey();
      }
    }
    return Optional.ofNullable(name);
  }

  String awaitLeader() {
    until("one leads", () -> leader().isPresent());
    return leader().orElseThrow();
  }

  String follower() {
    String leader = awaitLeader();
    return NAMES.stream()
        .filter(name -> !name.equals(leader) && running.containsKey(name))
        .findFirst()
        .orElseThrow();
  }

  Set<String> acknowledged() {
    Set<String> acknowledged = new HashSet<>(acknowledgedBefore);
    running.values().forEach(node -> acknowledged.addAll(node.acknowledged()));
    return acknowledged;
  }

  /// So many more are acknowledged than are now.
  void awaitMore(int count) {
    int before = acknowledged().size();
    until(count + " more", () -> acknowledged().size() >= before + count);
  }

  void until(String what, BooleanSupplier holds) {
    TestGroup.until(
        NodeProcess.PATIENCE,
        () -> what + ", but: " + running.values().stream().map(NodeProcess::tail).toList(),
        holds);
  }

  /// Its processes are gone and its disk is let go of.
  void end(String name) throws IOException {
    NodeProcess node = running.remove(name);
    acknowledgedBefore.addAll(node.acknowledged());
    node.close();
  }

  /// Whoever leads has everything that was ever acknowledged.
  void assertNothingLost() throws IOException {
    Set<String> lost = acknowledged();
    lost.removeAll(running.get(awaitLeader()).projects());
    assertEquals(Set.of(), lost, "acknowledged and lost");
  }

  @Override
  public void close() throws IOException {
    List<Thread> closing = new ArrayList<>();
    for (NodeProcess node : all) {
      closing.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  node.close();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

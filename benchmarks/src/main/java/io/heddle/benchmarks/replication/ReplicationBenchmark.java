package io.heddle.benchmarks.replication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What a write costs with three nodes against one, and against the disk that all of them share.
///
/// Everything is measured in turns, so that whatever else the machine does meanwhile falls on all
/// alike, and the medians of the turns are compared.
public final class ReplicationBenchmark {

  private static final int TURNS = 5;
  private static final int SYNCS = 400;
  private static final int SINGLE_WRITES = 400;
  private static final int MANY_WRITES = 10_000;

  /// The compiler of the JVM has seen everything by then.
  private static final int WARM_UP_WRITES = 20_000;

  /// What is measured, in this order.
  private enum Part {
    DISK("the disk: a write of 512 bytes and a sync"),
    THREE_ON_DISK("the disk: three at once, in three files"),
    ONE_NODE_ONE("one node, one write in flight"),
    THREE_NODES_ONE("three nodes, one write in flight"),
    ONE_NODE_MANY("one node, %d in flight".formatted(MeasuredNode.IN_FLIGHT)),
    THREE_NODES_MANY("three nodes, %d in flight".formatted(MeasuredNode.IN_FLIGHT));

    private final String words;

    Part(String words) {
      this.words = words;
    }
  }

  private final Path directory;
  private final Map<Part, List<Sample>> turns = new EnumMap<>(Part.class);

  private ReplicationBenchmark(Path directory) {
    this.directory = directory;
  }

  /// @param arguments a directory on the disk to measure; this one when there is none
  public static void run(List<String> arguments) throws IOException, InterruptedException {
    Path parent = Path.of(arguments.isEmpty() ? "" : arguments.getFirst()).toAbsolutePath();
    Path directory = Files.createTempDirectory(parent, "heddle-bench-");
    try {
      new ReplicationBenchmark(directory).measure();
    } finally {
      delete(directory);
    }
  }

  private void measure() throws IOException, InterruptedException {
    System.out.printf(
        "%d processors, %s on %s%n",
        Runtime.getRuntime().availableProcessors(),
        Files.getFileStore(directory).type(),
        Files.getFileStore(directory).name());
    try (MeasuredGroup one = new MeasuredGroup(directory.resolve("one"), 1);
        MeasuredGroup three = new MeasuredGroup(directory.resolve("three"), 3)) {
      one.measure("many", WARM_UP_WRITES);
      three.measure("many", WARM_UP_WRITES);
      one.measure("one", SINGLE_WRITES);
      three.measure("one", SINGLE_WRITES);
      for (int turn = 0; turn < TURNS; turn++) {
        note(Part.DISK, BareDisk.measure(directory, 1, SYNCS));
        note(Part.THREE_ON_DISK, BareDisk.measure(directory, 3, SYNCS));
        note(Part.ONE_NODE_ONE, one.measure("one", SINGLE_WRITES));
        note(Part.THREE_NODES_ONE, three.measure("one", SINGLE_WRITES));
        note(Part.ONE_NODE_MANY, one.measure("many", MANY_WRITES));
        note(Part.THREE_NODES_MANY, three.measure("many", MANY_WRITES));
      }
    }
    print();
  }

  private void note(Part part, Sample sample) {
    turns.computeIfAbsent(part, unknown -> new ArrayList<>()).add(sample);
  }

  private Sample of(Part part) {
    return Sample.median(turns.getOrDefault(part, List.of()));
  }

  private void print() {
    System.out.printf("%nmedians of %d turns%36s%10s%12s%n", TURNS, "p50 ms", "p99 ms", "a second");
    for (Part part : Part.values()) {
      Sample sample = of(part);
      System.out.printf(
          "  %-44s%8.2f%10.2f%12.0f%n",
          part.words, sample.p50Millis(), sample.p99Millis(), sample.perSecond());
    }
    Sample disk = of(Part.DISK);
    Sample one = of(Part.ONE_NODE_ONE);
    Sample three = of(Part.THREE_NODES_ONE);
    double many = of(Part.THREE_NODES_MANY).perSecond();
    System.out.println();
    ratio("three nodes to one, p50", three.p50Millis() / one.p50Millis());
    ratio("three nodes to one, p99", three.p99Millis() / one.p99Millis());
    ratio("three nodes to one, throughput", many / of(Part.ONE_NODE_MANY).perSecond());
    ratio("one node to a sync, p50", one.p50Millis() / disk.p50Millis());
    ratio("three nodes to a sync, p50", three.p50Millis() / disk.p50Millis());
    ratio(
        "three nodes to a sync of three at once, p50",
        three.p50Millis() / of(Part.THREE_ON_DISK).p50Millis());
    ratio("three nodes, writes for each sync of the bare disk", many / disk.perSecond());
  }

  private static void ratio(String what, double ratio) {
    System.out.printf("  %-58s%8.2f%n", what, ratio);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

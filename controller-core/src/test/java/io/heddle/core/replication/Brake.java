package io.heddle.core.replication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Slows down one node's writes to its disk, by the block I/O controller of the system's control
/// groups (version 1).
final class Brake implements AutoCloseable {

  private static final Path GROUPS = Path.of("/sys/fs/cgroup/blkio");
  private static final String NAME = "heddle-brake-";

  private final Path group;
  private final String device;
  private final NodeProcess node;

  private Brake(Path group, String device, NodeProcess node) {
    this.group = group;
    this.device = device;
    this.node = node;
  }

  static boolean isAvailable() {
    return Files.isDirectory(GROUPS) && Files.isWritable(GROUPS);
  }

  /// @param writesPerSecond what its disk manages from here on
  static Brake on(NodeProcess node, int writesPerSecond) throws IOException {
    removeLeftovers();
    Path group = Files.createDirectory(GROUPS.resolve(NAME + node.node().pid()));
    Brake brake = new Brake(group, deviceOf(node), node);
    brake.limit(writesPerSecond);
    write(group.resolve("cgroup.procs"), Long.toString(node.node().pid()));
    return brake;
  }

  private static void removeLeftovers() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(GROUPS, NAME + "*")) {
      for (Path group : left) {
        long pid = Long.parseLong(group.getFileName().toString().substring(NAME.length()));
        if (ProcessHandle.of(pid).isEmpty()) {
          Files.delete(group);
        }
      }
    }
  }

  /// `MAJOR:MINOR` of what is mounted as the node's disk.
  private static String deviceOf(NodeProcess node) throws IOException {
    String mountPoint = node.disk().mountPoint().toString();
    return Files.readAllLines(Path.of("/proc/" + node.node().pid() + "/mountinfo")).stream()
        .map(line -> line.split(" "))
        .filter(words -> words[4].equals(mountPoint))
        .map(words -> words[2])
        .findFirst()
        .orElseThrow();
  }

  private void limit(int writesPerSecond) throws IOException {
    write(group.resolve("blkio.throttle.write_iops_device"), device + " " + writesPerSecond);
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /// How long it takes to write and sync so often there.
  double secondsFor(int writes) throws IOException {
    Path file = node.files().resolve("brake");
    Process process =
        new ProcessBuilder(
                List.of(
                    "sh",
                    "-c",
                    "echo $$ > \"$1\"; exec dd if=/dev/zero of=\"$2\" bs=4096 count=\"$3\" oflag=dsync",
                    "sh",
                    group.resolve("cgroup.procs").toString(),
                    file.toString(),
                    Integer.toString(writes)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long start = System.nanoTime();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("dd failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /// The disk is as fast as before.
  @Override
  public void close() throws IOException {
    limit(0);
    if (node.node().isAlive()) {
      write(GROUPS.resolve("cgroup.procs"), Long.toString(node.node().pid()));
    }
    TestGroup.until("nobody is slowed down", () -> group.toFile().delete());
  }
}

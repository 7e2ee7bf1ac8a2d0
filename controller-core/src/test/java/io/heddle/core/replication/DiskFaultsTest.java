package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks that are full, or broken: the node whose disk it is says so and ends, the others go on,
/// and nothing that was acknowledged is lost.
@Tag("slow")
class DiskFaultsTest {

  private static final int MEGABYTES = 96;

  @TempDir Path directory;

  /// Until not a byte more fits.
  private static Path fill(NodeProcess node) throws IOException {
    Path filler = node.files().resolve("filler");
    try (FileChannel out =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int size = 1 << 20; size > 0; size /= 2) {
        writeWhileItFits(out, size);
      }
      out.force(true);
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space"), e::toString);
    }
    return filler;
  }

  private static void writeWhileItFits(FileChannel out, int size) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(size);
    try {
      while (true) {
        out.write(chunk.clear());
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space"), e::toString);
    }
  }

  private static void assertSaysThatItIsFull(String why) {
    assertTrue(
        why.contains("No space left on device") || why.contains("the log needs at least 16 MB"),
        why);
  }

  private static NodeProcess alone(Disk disk, String prefix) throws IOException {
    return NodeProcess.start(disk, new NodeProcess.Plan("n1", "", 200, 20, prefix, List.of()));
  }

  @Test
  void aNodeAloneOnAFullDiskEndsAndGoesOnWhenThereIsRoom() throws IOException {
    Disk disk = Disk.create(directory, "n1", MEGABYTES);
    Set<String> acknowledged = new HashSet<>();
    Path filler;
    try (NodeProcess node = alone(disk, "before")) {
      node.awaitAcknowledged(200);
      filler = fill(node);
      assertSaysThatItIsFull(node.awaitSaid("failed "));
      assertEquals("ended 2", node.awaitSaid("ended "));
      acknowledged.addAll(node.acknowledged());
    }
    try (NodeProcess node = alone(disk, "full")) {
      String why = node.awaitSaid("refused ");
      assertTrue(why.contains("the log needs at least 32 MB to start"), why);
      Files.delete(node.files().resolve(filler.getFileName()));
    }
    try (NodeProcess node = alone(disk, "after")) {
      node.awaitSaid("leads ");
      Set<String> lost = new HashSet<>(acknowledged);
      lost.removeAll(node.projects());
      assertEquals(Set.of(), lost);
      node.awaitAcknowledged(100);
    }
  }

  @Test
  void theOthersGoOnWhereOneIsFull() throws IOException {
    try (ProcessGroup group = ProcessGroup.create(directory, MEGABYTES, 5).startAll()) {
      group.awaitMore(200);
      for (boolean leading : List.of(false, true)) {
        String full = leading ? group.awaitLeader() : group.follower();
        Path filler = fill(group.node(full));
        assertSaysThatItIsFull(group.node(full).awaitSaid("failed "));
        assertEquals("ended 2", group.node(full).awaitSaid("ended "));
        group.awaitMore(200);
        Files.delete(group.node(full).files().resolve(filler.getFileName()));
        group.end(full);
        NodeProcess back = group.start(full, List.of());
        Set<String> acknowledged = group.acknowledged();
        group.until("it has caught up", () -> has(back, acknowledged));
      }
      group.assertNothingLost();
    }
  }

  private static boolean has(NodeProcess node, Set<String> projects) {
    try {
      return node.projects().containsAll(projects);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDiskThatBreaksEndsItsNodeAndANewOneIsFilled() throws IOException {
    try (ProcessGroup group = ProcessGroup.create(directory, MEGABYTES, 5)) {
      group.put("n1", Disk.breaking(directory, "n1-breaking", 256, 24)).startAll();
      group.awaitMore(50);
      NodeProcess broken = group.node("n1");
      fillUntilItBreaks(broken);
      String why = broken.awaitSaid("failed ");
      assertTrue(why.contains("can't be written: ") || why.contains("the log failed: "), why);
      group.awaitMore(200);
      group.end("n1");
      group.put("n1", Disk.create(directory, "n1-new", MEGABYTES));
      NodeProcess back = group.start("n1", List.of());
      Set<String> acknowledged = group.acknowledged();
      group.until("it is filled", () -> has(back, acknowledged));
      group.assertNothingLost();
    }
  }

  /// Ratis would stand for election for ever, and fail to write its vote each time.
  @Test
  void aNodeThatCannotEvenVoteEnds() throws IOException {
    try (ProcessGroup group = ProcessGroup.create(directory, MEGABYTES, 5).startAll()) {
      group.awaitMore(20);
      String last = group.follower();
      for (String name : List.of("n1", "n2", "n3")) {
        if (!name.equals(last)) {
          group.end(name);
        }
      }
      NodeProcess alone = group.node(last);
      Disk.run(
          "nsenter",
          "--target",
          Long.toString(alone.node().pid()),
          "--mount",
          "mount",
          "-o",
          "remount,abort",
          group.disk(last).mountPoint().toString());
      String why = alone.awaitSaid("failed ");
      assertTrue(why.contains("there is no leader, and "), why);
      assertTrue(why.contains("can't be written: "), why);
      assertEquals("ended 2", alone.awaitSaid("ended "));
    }
  }

  /// The file system has room; what is behind it has not.
  private static void fillUntilItBreaks(NodeProcess node) {
    Path filler = node.files().resolve("filler");
    try (FileChannel out =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
      for (int written = 0; written < 64; written++) {
        out.write(chunk.clear());
        out.force(true);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("Input/output error"), e::toString);
    }
  }
}

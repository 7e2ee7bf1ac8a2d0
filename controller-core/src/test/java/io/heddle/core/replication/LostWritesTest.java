package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes: what the system had not been made to write is really lost, and nothing that was
/// acknowledged is.
///
/// The node's directory is an ext4 in a file. The node is killed, the file is copied while it is
/// still mounted, and the copy is what the next node gets: the system's memory has not been written
/// to it. (A disk that lies about its own cache is beyond this.)
@Tag("slow")
class LostWritesTest {

  private static final int CUTS = 3;
  private static final int ACKNOWLEDGED = 200;

  @TempDir Path directory;
  private final List<NodeProcess> running = new ArrayList<>();

  private NodeProcess start(Disk disk, String name, String founders, String prefix)
      throws IOException {
    NodeProcess process =
        NodeProcess.start(disk, new NodeProcess.Plan(name, founders, 60, 20, prefix, List.of()));
    running.add(process);
    return process;
  }

  @AfterEach
  void end() throws IOException {
    for (NodeProcess process : running) {
      process.close();
    }
  }

  private static void assertAllThere(Set<String> acknowledged, Set<String> there) {
    Set<String> lost = new HashSet<>(acknowledged);
    lost.removeAll(there);
    assertEquals(Set.of(), lost, () -> lost.size() + " of " + acknowledged.size() + " are lost");
  }

  @Test
  void aNodeAloneLosesNothingThatItAcknowledged() throws IOException {
    Set<String> acknowledged = new HashSet<>();
    Disk disk = Disk.create(directory, "before", 128);
    for (int cut = 0; cut < CUTS; cut++) {
      NodeProcess node = start(disk, "n1", "", "cut" + cut);
      node.awaitSaid("leads ");
      assertAllThere(acknowledged, node.projects());
      node.awaitAcknowledged(ACKNOWLEDGED + 37 * cut);
      Files.writeString(node.files().resolve("witness" + cut), "written, and never synced");
      node.kill();
      acknowledged.addAll(node.acknowledged());
      Disk after = disk.afterPowerCut(directory, "cut" + cut);
      node.close();
      disk = after;
    }
    NodeProcess last = start(disk, "n1", "", "last");
    last.awaitSaid("leads ");
    assertAllThere(acknowledged, last.projects());
    for (int cut = 0; cut < CUTS; cut++) {
      assertFalse(
          Files.exists(last.files().resolve("witness" + cut)), "what was not synced is lost");
    }
    assertTrue(acknowledged.size() >= CUTS * ACKNOWLEDGED);
  }

  @Test
  void threeThatLoseThePowerTogetherLoseNothingThatWasAcknowledged() throws IOException {
    try (ProcessGroup group = ProcessGroup.create(directory, 128, 20)) {
      for (int cut = 0; cut < CUTS; cut++) {
        group.startAll().awaitLeader();
        group.awaitMore(ACKNOWLEDGED);
        group.nodes().forEach(node -> node.node().destroyForcibly());
        group.nodes().forEach(node -> node.awaitSaid("ended "));
        for (String name : List.of("n1", "n2", "n3")) {
          group.put(name, group.disk(name).afterPowerCut(directory, name + "-cut" + cut));
          group.end(name);
        }
      }
      group.startAll().awaitLeader();
      group.assertNothingLost();
    }
  }
}

package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One disk of three that manages two writes in a second: the group writes at the pace of the other
/// two.
@Tag("slow")
class SlowDiskTest {

  private static final int PER_SECOND = 2;
  private static final int WRITES = 40;

  @TempDir Path directory;

  @BeforeEach
  void needsControlGroups() {
    assumeTrue(Brake.isAvailable(), "control groups (version 1) with blkio");
  }

  /// One write is in flight at a time.
  private static double secondsForWrites(ProcessGroup group) {
    long start = System.nanoTime();
    group.awaitMore(WRITES);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void assertIsNotWaitedFor(ProcessGroup group, Brake brake) throws IOException {
    double alone = brake.secondsFor(4);
    assertTrue(alone > 1, () -> "the disk is not slow: " + alone);
    double together = secondsForWrites(group);
    assertTrue(
        together < (double) WRITES / PER_SECOND / 2,
        () -> "%d writes took %.1f s".formatted(WRITES, together));
    System.out.printf(
        "slow disk: 4 synced writes alone %.1f s; %d writes of the group %.2f s%n",
        alone, WRITES, together);
  }

  @Test
  void aSlowFollowerIsNotWaitedFor() throws IOException {
    try (ProcessGroup group = ProcessGroup.create(directory, 96, 1).startAll()) {
      group.awaitMore(WRITES);
      String slow = group.follower();
      try (Brake brake = Brake.on(group.node(slow), PER_SECOND)) {
        assertIsNotWaitedFor(group, brake);
      }
      group.awaitMore(WRITES);
      group.assertNothingLost();
    }
  }

  @Test
  void aSlowLeaderHandsOver() throws IOException {
    try (ProcessGroup group = ProcessGroup.create(directory, 96, 1).startAll()) {
      group.awaitMore(WRITES);
      String slow = group.awaitLeader();
      try (Brake brake = Brake.on(group.node(slow), PER_SECOND)) {
        group.until("another leads", () -> !group.awaitLeader().equals(slow));
        assertIsNotWaitedFor(group, brake);
        assertNotEquals(slow, group.awaitLeader());
      }
      group.assertNothingLost();
    }
  }
}

package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.replication.TestGroup.Node;
import io.heddle.core.store.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clocks that are wrong, differ, and jump: nothing but what people read depends on them.
class ClocksTest {

  @TempDir Path directory;

  @Test
  void wallClocksMayJumpByYears() throws IOException {
    Map<String, Duration> wrong = new ConcurrentHashMap<>();
    try (TestGroup group =
        new TestGroup(
            directory,
            "test",
            20,
            name -> () -> Instant.now().plus(wrong.getOrDefault(name, Duration.ZERO)))) {
      group.found("n1", "n2", "n3");
      int written = 0;
      for (int years : List.of(0, 10, -20, 50, -100)) {
        Node leader = group.leader();
        wrong.put(leader.name(), Duration.ofDays(365L * years));
        for (Node follower : group.followers()) {
          wrong.put(follower.name(), Duration.ofDays(-365L * years));
        }
        TestGroup.createAll(leader, "p" + years + "-", 10);
        written += 10;
        leader.log().transferLeadership(group.followers().getFirst().name()).join();
      }
      Node leader = group.leader();
      group.allReach(leader.revision());
      for (Node follower : group.followers()) {
        assertEquals(List.of(), leader.store().image().since(follower.store().image()).changes());
      }
      List<Batch> history = leader.history().read(1, Integer.MAX_VALUE);
      assertEquals(
          LongStream.rangeClosed(1, leader.revision()).boxed().toList(),
          history.stream().map(Batch::revision).toList());
      assertTrue(
          history.stream()
                  .anyMatch(batch -> batch.at().isAfter(Instant.now().plusSeconds(1L << 26)))
              && history.stream().anyMatch(batch -> batch.at().isBefore(Instant.EPOCH)),
          "the clocks did jump");
      assertTrue(leader.store().image().revision() >= written / 512);
    }
  }

  /// In a time namespace of its own, the clock that everything is measured with stands elsewhere.
  @Test
  @Tag("slow")
  void noNodeKnowsTheTimeOfAnother() throws IOException {
    try (ProcessGroup group = ProcessGroup.create(directory, 96, 5)) {
      group.start("n1", List.of());
      group.start("n2", List.of("unshare", "--time", "--fork", "--monotonic", "8640000"));
      group.start("n3", List.of("unshare", "--time", "--fork", "--boottime", "-1"));
      group.awaitMore(100);
      String leader = group.awaitLeader();
      group.end(leader);
      group.awaitMore(100);
      group.start(leader, List.of("unshare", "--time", "--fork", "--monotonic", "999999"));
      group.end(group.awaitLeader());
      group.awaitMore(100);
      group.assertNothingLost();
    }
  }
}

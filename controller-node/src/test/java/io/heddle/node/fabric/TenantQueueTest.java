package io.heddle.node.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.ProjectId;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantQueueTest {

  private static final ProjectId LOUD = new ProjectId("loud");
  private static final ProjectId QUIET = new ProjectId("quiet");

  private static List<String> taken(TenantQueue<String> queue, int count)
      throws InterruptedException {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(queue.take());
    }
    return taken;
  }

  private static String next(TenantQueue<String> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tenantsTakeTurns() throws InterruptedException {
    TenantQueue<String> queue = new TenantQueue<>(10, 100);
    for (int i = 1; i <= 4; i++) {
      assertEquals(0, queue.offer(LOUD, "loud " + i));
    }
    queue.offer(QUIET, "quiet 1");
    queue.offer(QUIET, "quiet 2");
    assertEquals(
        List.of("loud 1", "quiet 1", "loud 2", "quiet 2", "loud 3", "loud 4"), taken(queue, 6));
  }

  @Test
  void aTenantHasALimit() throws InterruptedException {
    TenantQueue<String> queue = new TenantQueue<>(2, 100);
    assertEquals(0, queue.offer(LOUD, "1"));
    assertEquals(0, queue.offer(LOUD, "2"));
    assertEquals(1, queue.offer(LOUD, "3"));
    assertEquals(0, queue.offer(QUIET, "a"));
    assertEquals(List.of("1", "a", "2"), taken(queue, 3));
  }

  @Test
  void whereAllIsFullTheOneWithMostGivesWay() throws InterruptedException {
    TenantQueue<String> queue = new TenantQueue<>(10, 4);
    for (int i = 1; i <= 4; i++) {
      queue.offer(LOUD, "loud " + i);
    }
    assertEquals(1, queue.offer(QUIET, "quiet 1"), "loud 4 is dropped");
    assertEquals(1, queue.offer(QUIET, "quiet 2"), "loud 3 is dropped");
    assertEquals(1, queue.offer(QUIET, "quiet 3"), "it has its share: itself");
    assertEquals(List.of("loud 1", "quiet 1", "loud 2", "quiet 2"), taken(queue, 4));
  }

  /// Against a model that keeps each tenant's work by itself.
  @Test
  void nothingOvertakesWithinATenantAndNoLimitIsPassed() {
    Seeded.check(
        1000,
        seeded -> {
          int one = seeded.between(1, 6);
          int all = seeded.between(1, 12);
          TenantQueue<String> queue = new TenantQueue<>(one, all);
          Map<String, Deque<String>> model = new HashMap<>();
          int held = 0;
          for (int step = 0; step < 200; step++) {
            if (seeded.percent(60)) {
              String tenant = "t" + seeded.below(4);
              String work = tenant + "/" + step;
              int dropped = queue.offer(new ProjectId(tenant), work);
              held += 1 - dropped;
              model.computeIfAbsent(tenant, t -> new ArrayDeque<>()).add(work);
            } else if (held > 0) {
              String work = next(queue);
              held--;
              String tenant = work.substring(0, work.indexOf('/'));
              Deque<String> expected = model.get(tenant);
              while (!work.equals(expected.removeFirst())) {
                // What came before it was dropped.
                assertTrue(!expected.isEmpty(), "order within a tenant");
              }
            }
            assertTrue(held <= all && held >= 0, "the limit of all");
          }
        });
  }
}

package io.heddle.node.fabric;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Those who wait for a revision to be in every connected switch of this node. A host's progress
/// costs the logarithm of how many hosts there are. Owned by the fabric thread.
final class RealizationWaiters {

  private record Waiter(long revision, CompletableFuture<Void> reached) {}

  /// How many connected hosts have realised exactly this.
  private final TreeMap<Long, Integer> counts = new TreeMap<>();

  private final PriorityQueue<Waiter> waiters =
      new PriorityQueue<>(Comparator.comparingLong(Waiter::revision));
  private long compiled;

  void add(long revision, CompletableFuture<Void> reached) {
    waiters.removeIf(waiter -> waiter.reached().isDone()); // nobody waits any more
    waiters.add(new Waiter(revision, reached));
    wake();
  }

  /// Everything up to a revision has been passed on to the hosts' programs.
  void compiled(long revision) {
    compiled = revision;
    wake();
  }

  /// A host is further than before, or another one.
  void moved(Fabric.@Nullable Progress before, Fabric.@Nullable Progress after) {
    if (after != null && after.connected()) {
      counts.merge(after.realized(), 1, Integer::sum);
    }
    if (before != null && before.connected()) {
      counts.computeIfPresent(before.realized(), (at, count) -> count == 1 ? null : count - 1);
    }
    wake();
  }

  private void wake() {
    long everywhere = counts.isEmpty() ? compiled : Math.min(compiled, counts.firstKey());
    while (!waiters.isEmpty() && waiters.element().revision() <= everywhere) {
      waiters.remove().reached().completeAsync(() -> null); // what follows is not ours to run
    }
  }
}

package io.heddle.core.cluster;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// The oldest revision among the connected hosts, and who waits for it to rise. A host's progress
/// costs the logarithm of how many there are. Guarded by itself.
final class RealizedEverywhere {

  private record Waiter(long revision, CompletableFuture<Void> reached) {}

  /// How many connected hosts have realised exactly this.
  private final TreeMap<Long, Integer> counts = new TreeMap<>();

  private int hosts;

  private final PriorityQueue<Waiter> waiters =
      new PriorityQueue<>(Comparator.comparingLong(Waiter::revision));

  synchronized void add(long realized) {
    counts.merge(realized, 1, Integer::sum);
    hosts++;
  }

  synchronized void remove(long realized) {
    counts.computeIfPresent(realized, (revision, count) -> count == 1 ? null : count - 1);
    hosts--;
  }

  /// How many hosts are connected.
  synchronized int hosts() {
    return hosts;
  }

  /// Every connected host has at least this; without hosts, anything.
  synchronized long least() {
    return counts.isEmpty() ? Long.MAX_VALUE : counts.firstKey();
  }

  /// Cancel it when nobody waits any more.
  CompletableFuture<Void> await(long revision) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    synchronized (this) {
      waiters.removeIf(waiter -> waiter.reached().isDone());
      waiters.add(new Waiter(revision, reached));
    }
    check();
    return reached;
  }

  /// Wakes those whose revision is everywhere. What follows runs on threads of its own.
  void check() {
    while (true) {
      Waiter next;
      synchronized (this) {
        next = waiters.peek();
        if (next == null || next.revision() > least()) {
          return;
        }
        waiters.remove();
      }
      next.reached().completeAsync(() -> null);
    }
  }
}

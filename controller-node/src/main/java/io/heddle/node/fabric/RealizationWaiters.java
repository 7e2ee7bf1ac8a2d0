package io.heddle.node.fabric;

import io.heddle.core.model.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Those who wait for a revision to be in every connected switch. Owned by the fabric thread.
final class RealizationWaiters {

  private record Waiter(long revision, CompletableFuture<Void> reached) {}

  private final List<Waiter> waiters = new ArrayList<>();

  void add(long revision, CompletableFuture<Void> reached) {
    waiters.add(new Waiter(revision, reached));
  }

  void check(long compiled, Map<HostId, Fabric.Progress> progress) {
    if (waiters.isEmpty()) {
      return;
    }
    long least =
        progress.values().stream()
            .filter(Fabric.Progress::connected)
            .mapToLong(Fabric.Progress::realized)
            .min()
            .orElse(compiled);
    long everywhere = Math.min(compiled, least);
    waiters.removeIf(waiter -> {
      if (waiter.revision() <= everywhere) {
        waiter.reached().completeAsync(() -> null); // what follows is not ours to run
      }
      return waiter.revision() <= everywhere || waiter.reached().isDone();
    });
  }
}

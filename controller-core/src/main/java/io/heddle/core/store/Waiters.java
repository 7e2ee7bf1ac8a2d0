package io.heddle.core.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/// Who waits for a revision, or for this node to lead. Belongs to the store's owner.
final class Waiters {

  private record Waiter(long revision, CompletableFuture<Image> reached) {}

  private final PriorityQueue<Waiter> revisions =
      new PriorityQueue<>(Comparator.comparingLong(Waiter::revision));
  private final List<CompletableFuture<Long>> leadings = new ArrayList<>();

  void add(long revision, CompletableFuture<Image> reached, Image image) {
    if (image.revision() >= revision) {
      reached.complete(image);
    } else if (!reached.isDone()) {
      revisions.add(new Waiter(revision, reached));
    }
  }

  /// Those who gave up.
  void removeDone() {
    revisions.removeIf(waiter -> waiter.reached().isDone());
  }

  void reached(Image image) {
    while (!revisions.isEmpty() && revisions.peek().revision() <= image.revision()) {
      revisions.remove().reached().complete(image);
    }
  }

  void addLeading(CompletableFuture<Long> leading) {
    leadings.removeIf(CompletableFuture::isDone);
    leadings.add(leading);
  }

  void leading(long term) {
    List<CompletableFuture<Long>> waiting = List.copyOf(leadings);
    leadings.clear();
    waiting.forEach(leading -> leading.complete(term));
  }

  void stop(String why) {
    CancellationException stopped = new CancellationException(why);
    revisions.forEach(waiter -> waiter.reached().completeExceptionally(stopped));
    revisions.clear();
    leadings.forEach(leading -> leading.completeExceptionally(stopped));
    leadings.clear();
  }
}

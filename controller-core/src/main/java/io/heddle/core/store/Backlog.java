package io.heddle.core.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/// Submissions that wait to be decided. Any thread adds to its end, up to a limit; all else belongs
/// to the store's owner.
final class Backlog {

  private final BlockingQueue<Pending<?>> added;
  private final Deque<Pending<?>> next = new ArrayDeque<>();

  Backlog(int limit) {
    added = new ArrayBlockingQueue<>(limit);
  }

  /// @return false when it is full
  boolean offer(Pending<?> pending) {
    return added.offer(pending);
  }

  /// @return false when it was not waiting any more
  boolean withdraw(Pending<?> pending) {
    return added.remove(pending);
  }

  int size() {
    return added.size();
  }

  /// The next ones to be decided, in order: whoever decides one takes it out.
  Deque<Pending<?>> next() {
    return next;
  }

  /// Brings up what was added, for a round, unless something is up already.
  void advance() {
    if (next.isEmpty()) {
      added.drainTo(next, Round.MAX_COMMANDS);
    }
  }

  void putFirst(Pending<?> pending) {
    next.addFirst(pending);
  }

  /// Back to where they came from, in their order.
  void putBack(List<Pending<?>> pending) {
    pending.reversed().forEach(next::addFirst);
  }

  /// Tells those whose term is over that this one is too late for them.
  void refuseOtherTerms(long term) {
    next.removeIf(pending -> {
      boolean tooLate = !pending.isFor(term);
      if (tooLate) {
        pending.notLeading("the term in which it was to be decided has ended");
      }
      return tooLate;
    });
  }

  void refuseAll(Consumer<Pending<?>> refusal) {
    added.drainTo(next);
    next.forEach(refusal);
    next.clear();
  }
}

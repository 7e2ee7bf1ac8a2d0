package io.heddle.core.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Submissions that wait to be decided, in queues that take turns: a project that asks for much
/// waits behind itself, and the others do not notice. In a queue, who comes first is first.
///
/// Any thread adds to the end of a queue, up to a limit for all and one for each project; what is
/// up next belongs to the store's owner.
final class Backlog {

  private final int limit;
  private final int limitOfOne;

  /// The queues that are not empty, in the order of their turns. Guarded by this.
  private final SequencedMap<String, Deque<Pending<?>>> queues = new LinkedHashMap<>();

  /// How many wait in all queues. Guarded by this.
  private int size;

  private final Deque<Pending<?>> next = new ArrayDeque<>();

  /// @param limit of all that wait
  /// @param limitOfOne of those that wait for one project
  Backlog(int limit, int limitOfOne) {
    this.limit = limit;
    this.limitOfOne = limitOfOne;
  }

  /// @return why it can't wait here, or nothing when it does
  synchronized Optional<String> offer(Pending<?> pending) {
    String name = pending.submission().queue();
    Deque<Pending<?>> queue = queues.get(name);
    if (size >= limit) {
      return Optional.of("%d requests wait already".formatted(limit));
    }
    if (queue != null && queue.size() >= limitOfOne && !name.isEmpty()) {
      return Optional.of("%d requests of project %s wait already".formatted(limitOfOne, name));
    }
    queueOf(pending).addLast(pending);
    size++;
    return Optional.empty();
  }

  private Deque<Pending<?>> queueOf(Pending<?> pending) {
    return queues.computeIfAbsent(pending.submission().queue(), fresh -> new ArrayDeque<>());
  }

  /// @return false when it was not waiting any more
  synchronized boolean withdraw(Pending<?> pending) {
    String name = pending.submission().queue();
    Deque<Pending<?>> queue = queues.get(name);
    if (queue == null || !queue.remove(pending)) {
      return false;
    }
    if (queue.isEmpty()) {
      queues.remove(name);
    }
    size--;
    return true;
  }

  synchronized int size() {
    return size;
  }

  /// The next ones to be decided, in order: whoever decides one takes it out.
  Deque<Pending<?>> next() {
    return next;
  }

  /// Brings up a round's worth, one of each queue in turn. What was up and not decided goes back to
  /// the head of its queue first: who comes later has a turn before a project's next one.
  synchronized void advance() {
    while (!next.isEmpty()) {
      Pending<?> last = next.removeLast();
      queueOf(last).addFirst(last);
      size++;
    }
    while (next.size() < Round.MAX_COMMANDS && !queues.isEmpty()) {
      Map.Entry<String, Deque<Pending<?>>> turn = queues.pollFirstEntry();
      next.addLast(turn.getValue().removeFirst());
      size--;
      if (!turn.getValue().isEmpty()) {
        queues.putLast(turn.getKey(), turn.getValue());
      }
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
    synchronized (this) {
      queues.values().forEach(next::addAll);
      queues.clear();
      size = 0;
    }
    next.forEach(refusal);
    next.clear();
  }
}

package io.heddle.node.cluster;

import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Interval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What all clients of a test asked for and were told. Any thread.
final class History {
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicLong newest = new AtomicLong();
  private final List<Operation> operations = new ArrayList<>();
  private final List<String> oddities = new ArrayList<>();

  /// An operation that is under way.
  record Begun(int number, String key, Action action, long invoked) {}

  static long now() {
    return System.nanoTime();
  }

  /// For an operation, and for a value that is written once.
  int nextNumber() {
    return numbers.incrementAndGet();
  }

  static Begun begin(int number, String key, Action action) {
    return new Begun(number, key, action, now());
  }

  Ending end(Begun begun, String session, Ending ending) {
    Interval interval = new Interval(begun.invoked(), now());
    add(new Operation(begun.number(), begun.key(), session, begun.action(), interval, ending));
    return ending;
  }

  private synchronized void add(Operation operation) {
    operations.add(operation);
    long _ = newest.accumulateAndGet(operation.position().orElse(0), Math::max);
  }

  /// Notes what no store should say and no operation can tell.
  synchronized void odd(String what) {
    oddities.add(what);
  }

  synchronized List<String> oddities() {
    return List.copyOf(oddities);
  }

  /// The newest revision that anybody was told of.
  long newest() {
    return newest.get();
  }

  synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  synchronized int acknowledged() {
    return (int) operations.stream().filter(History::isAcknowledged).count();
  }

  private static boolean isAcknowledged(Operation operation) {
    return operation.ending() instanceof Ending.Committed;
  }

  /// How long it took from a moment until a write was acknowledged that had been asked for after
  /// it.
  synchronized Optional<Duration> firstAcknowledgedAfter(long moment) {
    return operations.stream()
        .filter(History::isAcknowledged)
        .filter(write -> write.interval().invoked() > moment)
        .map(write -> Duration.ofNanos(write.interval().completed() - moment))
        .min(Duration::compareTo);
  }

  /// What clients were told from a moment on.
  synchronized Figures figures(long from) {
    List<Operation> writes =
        operations.stream()
            .filter(operation -> !operation.isRead() && operation.interval().completed() >= from)
            .toList();
    long[] answered =
        writes.stream()
            .filter(History::isAcknowledged)
            .mapToLong(write -> write.interval().completed())
            .sorted()
            .toArray();
    long longest = 0;
    for (int i = 1; i < answered.length; i++) {
      longest = Math.max(longest, answered[i] - answered[i - 1]);
    }
    int unknown = (int) writes.stream().filter(Operation::isUnknown).count();
    int unavailable = (int) writes.stream().filter(write -> refusedWith(write, 503)).count();
    int acknowledged = answered.length;
    int conflicts = writes.size() - acknowledged - unknown - unavailable;
    return new Figures(acknowledged, unavailable, conflicts, unknown, Duration.ofNanos(longest));
  }

  private static boolean refusedWith(Operation write, int status) {
    return write.ending().equals(new Ending.Refused(status));
  }

  /// How writes ended.
  ///
  /// @param unavailable refused because nobody could decide
  /// @param conflicts refused for what they asked
  /// @param silence the longest time without an acknowledged write
  record Figures(int acknowledged, int unavailable, int conflicts, int unknown, Duration silence) {

    @Override
    public String toString() {
      return "%d writes acknowledged, %d unavailable, %d in conflict, %d unknown; longest silence %d ms"
          .formatted(acknowledged, unavailable, conflicts, unknown, silence.toMillis());
    }
  }
}

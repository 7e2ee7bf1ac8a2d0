package io.heddle.core.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/// Virtual time: what is to happen, in order. Nothing waits; the clock jumps to the next event.
final class Timeline {

  private static final long START = TimeUnit.DAYS.toNanos(1);

  private record Event(long at, long number, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long now = START;
  private long number;

  /// Nanoseconds, of a clock that never jumps.
  long now() {
    return now;
  }

  long elapsedMillis() {
    return TimeUnit.NANOSECONDS.toMillis(now - START);
  }

  void after(long nanos, Runnable action) {
    events.add(new Event(now + nanos, number++, action));
  }

  /// How many events have been made so far.
  long made() {
    return number;
  }

  /// Lets the next event happen.
  ///
  /// @return false when there is none before the end, which the clock then shows
  boolean step(long end) {
    Event next = events.peek();
    if (next == null || next.at() > end) {
      now = Math.max(now, end);
      return false;
    }
    events.remove();
    now = next.at();
    next.action().run();
    return true;
  }
}

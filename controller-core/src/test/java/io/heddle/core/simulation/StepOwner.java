package io.heddle.core.simulation;

import io.heddle.core.store.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/// An owner that takes its turns as events, in their order, mostly soon. It may stall for a while
/// (a collection of garbage, a slow disk) though the rest of the process goes on.
final class StepOwner implements Owner {

  private final NodeProcess process;
  private final Timeline timeline;
  private final Chance chance;
  private final Deque<Runnable> turns = new ArrayDeque<>();
  private boolean scheduled;
  private long stalledUntil;

  StepOwner(NodeProcess process, Timeline timeline, Chance chance) {
    this.process = process;
    this.timeline = timeline;
    this.chance = chance;
  }

  @Override
  public void run(Runnable turn) {
    turns.addLast(turn);
    schedule();
  }

  @Override
  public void runAfter(Duration delay, Runnable turn) {
    process.after(delay.toNanos(), () -> run(turn));
  }

  /// Called by what is another thread in a real node: the turns that wait are taken first.
  @Override
  public <T> T call(Callable<T> turn) throws IOException {
    while (!turns.isEmpty()) {
      turns.removeFirst().run();
    }
    try {
      return turn.call();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  int waiting() {
    return turns.size();
  }

  void stall(long nanos) {
    stalledUntil = timeline.now() + nanos;
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      long pace = chance.in(0.02) ? chance.millis(1, 20) : chance.micros(5, 100);
      process.after(Math.max(pace, stalledUntil - timeline.now()), this::step);
    }
  }

  private void step() {
    scheduled = false;
    if (stalledUntil <= timeline.now()) {
      for (int left = 1 + chance.below(4); left > 0 && !turns.isEmpty(); left--) {
        turns.removeFirst().run();
      }
    }
    if (!turns.isEmpty()) {
      schedule();
    }
  }

  @Override
  public void close() {
    turns.clear();
  }
}

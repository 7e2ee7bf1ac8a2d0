package io.heddle.core.simulation;

import java.util.ArrayList;
import java.util.List;

/// The process of one node, from its start to its end. While it is frozen (`SIGSTOP`) nothing of it
/// runs, and what should have run does so when it goes on, all at once and in any order.
final class NodeProcess {

  private final Timeline timeline;
  private final Chance chance;
  private final List<Runnable> missed = new ArrayList<>();
  private boolean alive = true;
  private boolean frozen;

  NodeProcess(Timeline timeline, Chance chance) {
    this.timeline = timeline;
    this.chance = chance;
  }

  /// Does something in this process, if it lives then.
  void after(long nanos, Runnable action) {
    timeline.after(nanos, () -> perform(action));
  }

  private void perform(Runnable action) {
    if (!alive) {
      return;
    }
    if (frozen) {
      missed.add(action);
    } else {
      action.run();
    }
  }

  boolean isAlive() {
    return alive;
  }

  boolean isFrozen() {
    return frozen;
  }

  boolean isRunning() {
    return alive && !frozen;
  }

  void freeze() {
    frozen = true;
  }

  void thaw() {
    if (!frozen) {
      return;
    }
    frozen = false;
    List<Runnable> now = new ArrayList<>(missed);
    missed.clear();
    chance.shuffle(now);
    now.forEach(action -> after(chance.micros(0, 500), action));
  }

  void kill() {
    alive = false;
    missed.clear();
  }
}

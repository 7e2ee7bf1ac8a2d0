package io.heddle.node.fabric;

import io.heddle.core.model.ProjectId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Work that waits, a queue for each tenant, taken from the tenants in turns: whoever floods waits
/// behind itself.
///
/// A tenant has a limit, and all have one together. When all is full, a tenant that has less than
/// an equal share still gets in, at the cost of the newest work of the one that has most.
///
/// Any thread.
final class TenantQueue<T> {

  private final int limitOfOne;
  private final int limitOfAll;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition some = lock.newCondition();

  // Guarded by the lock. A tenant is in both as long as it has work, and in neither else.
  private final Map<ProjectId, Waiting<T>> tenants = new HashMap<>();
  private final Deque<Waiting<T>> turns = new ArrayDeque<>();
  private int all;
  private @Nullable Waiting<T> longest;

  private record Waiting<T>(ProjectId tenant, Deque<T> work) {
    Waiting(ProjectId tenant) {
      this(tenant, new ArrayDeque<>());
    }
  }

  TenantQueue(int limitOfOne, int limitOfAll) {
    this.limitOfOne = limitOfOne;
    this.limitOfAll = limitOfAll;
  }

  /// @return how much work was dropped for it, itself perhaps: 0 or 1
  int offer(ProjectId tenant, T work) {
    lock.lock();
    try {
      Waiting<T> own = tenants.get(tenant);
      int held = own == null ? 0 : own.work().size();
      if (held >= limitOfOne) {
        return 1;
      }
      int dropped = 0;
      if (all >= limitOfAll) {
        if (!makeRoom(held)) {
          return 1;
        }
        dropped = 1;
      }
      if (own == null) {
        own = new Waiting<>(tenant);
        tenants.put(tenant, own);
        turns.addLast(own);
      }
      own.work().addLast(work);
      all++;
      if (longest == null || own.work().size() > longest.work().size()) {
        longest = own;
      }
      some.signal();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the newest work from who has most, if that is more than an equal share, and more than
  /// the one has that comes.
  private boolean makeRoom(int held) {
    int share = limitOfAll / Math.max(1, tenants.size());
    if (longest == null || longest.work().size() <= share) {
      longest = turns.stream().max((a, b) -> a.work().size() - b.work().size()).orElse(null);
    }
    if (held >= share || longest == null || longest.work().size() <= held + 1) {
      return false;
    }
    longest.work().removeLast();
    all--;
    return true;
  }

  /// The next in turn; waits until there is one.
  T take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (turns.isEmpty()) {
        some.await();
      }
      Waiting<T> turn = turns.removeFirst();
      T work = turn.work().removeFirst();
      all--;
      if (turn.work().isEmpty()) {
        tenants.remove(turn.tenant());
      } else {
        turns.addLast(turn);
      }
      return work;
    } finally {
      lock.unlock();
    }
  }
}

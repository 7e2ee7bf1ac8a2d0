package io.heddle.rest;

import io.heddle.core.store.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A log in memory that several nodes of one process follow. The test says who leads, and may keep
/// a node from hearing of what is committed.
final class SharedLog {

  private final List<byte[]> entries = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();
  private long term;

  synchronized End end() {
    End end = new End();
    ends.add(end);
    return end;
  }

  /// The one end leads from now on, in a new term, and no other does.
  synchronized void lead(End leader) {
    nobodyLeads();
    leader.held = false;
    leader.deliver();
    leader.leads = true;
    leader.reader.leads(++term);
  }

  synchronized void nobodyLeads() {
    for (End end : ends) {
      if (end.leads) {
        end.leads = false;
        end.reader.follows();
      }
    }
  }

  /// One node's end.
  final class End implements Log {
    private Reader reader;
    private int delivered;
    private boolean leads;
    private boolean held;

    @Override
    public CompletableFuture<Void> append(byte[] entry) {
      synchronized (SharedLog.this) {
        if (!leads) {
          return CompletableFuture.failedFuture(new NotLeader("another node leads"));
        }
        entries.add(entry);
        ends.forEach(End::deliver);
        return CompletableFuture.completedFuture(null);
      }
    }

    @Override
    public CompletableFuture<Void> confirm() {
      synchronized (SharedLog.this) {
        return leads
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.failedFuture(new NotLeader("another node leads"));
      }
    }

    /// Hears of nothing until [#release].
    void hold() {
      synchronized (SharedLog.this) {
        held = true;
      }
    }

    void release() {
      synchronized (SharedLog.this) {
        held = false;
        deliver();
      }
    }

    private void deliver() {
      while (reader != null && !held && delivered < entries.size()) {
        reader.apply(entries.get(delivered++));
      }
    }

    @Override
    public void start(Reader follower) throws IOException {
      synchronized (SharedLog.this) {
        reader = follower;
        deliver();
      }
    }

    @Override
    public void close() {
      synchronized (SharedLog.this) {
        ends.remove(this);
      }
    }
  }
}

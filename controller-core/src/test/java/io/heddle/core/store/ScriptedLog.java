package io.heddle.core.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One node's end of a log in memory that does to each append what the test says: the worst that
/// Raft may do, at the moment the test chooses.
final class ScriptedLog implements Log {

  /// What becomes of an append.
  enum Fate {
    /// Committed, and the appender is told.
    COMMIT,
    /// Committed twice, and the appender is told once.
    COMMIT_TWICE,
    /// Committed, and the appender hears of a timeout.
    COMMIT_UNTOLD,
    /// Gone, and the appender hears of a timeout.
    LOSE,
    /// Kept until [ScriptedLog#release]; the appender hears nothing meanwhile.
    HOLD,
    /// Kept until [ScriptedLog#release]; the appender hears of a timeout.
    HOLD_UNTOLD,
    /// Not appended, for certain.
    REFUSE
  }

  /// What is committed, and the nodes that hear of it.
  static final class Sequence {
    private final List<byte[]> entries = new ArrayList<>();
    private final List<ScriptedLog> ends = new ArrayList<>();

    synchronized void commit(byte[] entry) {
      entries.add(entry);
      ends.forEach(ScriptedLog::deliver);
    }

    synchronized List<Batch> batches() {
      return entries.stream().map(BatchCodec::decode).toList();
    }
  }

  private final Sequence sequence;
  private final Deque<Fate> script = new ArrayDeque<>();
  private final LinkedBlockingQueue<byte[]> held = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<CompletableFuture<Void>> unanswered =
      new LinkedBlockingQueue<>();
  private Log.Reader reader;
  private int delivered;
  private boolean cutOff;
  private final LinkedBlockingQueue<CompletableFuture<Void>> confirmations =
      new LinkedBlockingQueue<>();
  private boolean silent;

  ScriptedLog(Sequence sequence) {
    this.sequence = sequence;
  }

  ScriptedLog next(Fate... fates) {
    synchronized (sequence) {
      script.addAll(Arrays.asList(fates));
    }
    return this;
  }

  @Override
  public CompletableFuture<Void> append(byte[] entry) {
    synchronized (sequence) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      switch (script.isEmpty() ? Fate.COMMIT : script.remove()) {
        case COMMIT -> {
          sequence.commit(entry);
          answer.complete(null);
        }
        case COMMIT_TWICE -> {
          sequence.commit(entry);
          sequence.commit(entry);
          answer.complete(null);
        }
        case COMMIT_UNTOLD -> {
          sequence.commit(entry);
          answer.completeExceptionally(new IOException("timeout"));
        }
        case LOSE -> answer.completeExceptionally(new IOException("timeout"));
        case HOLD -> {
          unanswered.add(answer);
          held.add(entry);
        }
        case HOLD_UNTOLD -> {
          held.add(entry);
          answer.completeExceptionally(new IOException("timeout"));
        }
        case REFUSE -> answer.completeExceptionally(new NotLeader("refused by the script"));
      }
      return answer;
    }
  }

  @Override
  public CompletableFuture<Void> confirm() {
    synchronized (sequence) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      confirmations.add(answer);
      if (!silent) {
        confirmations.remove().complete(null);
      }
      return answer;
    }
  }

  /// Nobody confirms that this node leads, until the test does.
  ScriptedLog silent() {
    silent = true;
    return this;
  }

  /// Waits until it is asked whether this node leads.
  CompletableFuture<Void> question() {
    return taken(confirmations, "nobody asked who leads");
  }

  /// Waits until an append is held, and gives it back.
  byte[] heldEntry() {
    return taken(held, "no append was held");
  }

  private static <T> T taken(BlockingQueue<T> queue, String otherwise) {
    try {
      T first = queue.poll(30, TimeUnit.SECONDS);
      if (first == null) {
        throw new AssertionError(otherwise);
      }
      return first;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Commits the append that has been held for the longest.
  void release() {
    sequence.commit(heldEntry());
  }

  void lead(long term) {
    synchronized (sequence) {
      reader.leads(term);
    }
  }

  void follow() {
    synchronized (sequence) {
      reader.follows();
    }
  }

  void fail(Throwable cause) {
    reader.failed(cause);
  }

  /// Hears nothing from here on.
  void cutOff() {
    synchronized (sequence) {
      cutOff = true;
    }
  }

  /// Hears what it missed.
  void reconnect() {
    synchronized (sequence) {
      cutOff = false;
      deliver();
    }
  }

  /// Hears what it missed as a snapshot, and then the rest.
  void reconnectWith(byte[] snapshot) {
    synchronized (sequence) {
      try {
        reader.readSnapshot(new ByteArrayInputStream(snapshot));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      delivered = sequence.entries.size();
      cutOff = false;
    }
  }

  Log.Reader reader() {
    return reader;
  }

  private void deliver() {
    while (reader != null && !cutOff && delivered < sequence.entries.size()) {
      reader.apply(sequence.entries.get(delivered++));
    }
  }

  @Override
  public void start(Reader follower) {
    synchronized (sequence) {
      reader = follower;
      sequence.ends.add(this);
      deliver();
    }
  }

  @Override
  public void close() {
    synchronized (sequence) {
      sequence.ends.remove(this);
    }
  }
}

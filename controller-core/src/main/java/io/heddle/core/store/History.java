package io.heddle.core.store;

import java.io.IOException;
import java.util.List;

/// What happened, revision by revision, for longer than the log keeps it: the port behind which
/// this node's archive stands. It is written at apply, in order, from the store's thread, and read
/// from any.
public interface History extends AutoCloseable {

  /// Remembers the batch that made `after`. What is there already is skipped: the log is replayed
  /// at every start.
  void append(Batch batch, byte[] entry, Image after) throws IOException;

  /// Makes everything appended so far durable. Called before a snapshot is taken, because the log
  /// forgets what a snapshot holds.
  void sync() throws IOException;

  /// The last revision that is held, or 0.
  long last();

  /// Batches from a revision on, oldest first, at most `limit`; those that are not held any more
  /// are left out.
  List<Batch> read(long fromRevision, int limit) throws IOException;

  @Override
  void close() throws IOException;

  /// Remembers nothing: for what does not ask for the past.
  static History none() {
    return new History() {
      @Override
      public void append(Batch batch, byte[] entry, Image after) {}

      @Override
      public void sync() {}

      @Override
      public long last() {
        return 0;
      }

      @Override
      public List<Batch> read(long fromRevision, int limit) {
        return List.of();
      }

      @Override
      public void close() {}
    };
  }
}

package io.heddle.core.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/// An ordered, durable, replicated sequence of entries: the port behind which Raft stands.
///
/// Everything that a reader hears comes in log order, from one thread at a time. The same entry may
/// have been appended twice and an append whose outcome is unknown may still arrive: the reader
/// tells duplicates by what is in the entry.
public interface Log extends AutoCloseable {

  /// Asks for an entry to be appended. Completes normally when the entry is durable on a majority;
  /// the reader may hear of it before or after. Fails with [NotLeader] when it certainly was not
  /// and will not be appended here, and with anything else when nobody knows: then only reading on
  /// tells.
  CompletableFuture<Void> append(byte[] entry);

  /// Starts: replays what is there into the reader, then follows.
  void start(Reader reader) throws IOException;

  @Override
  void close();

  /// What follows the log.
  interface Reader {

    void apply(byte[] entry);

    /// Writes all state as it is after the last applied entry.
    void writeSnapshot(OutputStream out) throws IOException;

    /// Replaces all state.
    void readSnapshot(InputStream in) throws IOException;

    /// This node leads from here on and has applied every entry of earlier terms.
    void leads(long term);

    /// This node does not lead any more.
    void follows();
  }

  /// This node may not append; try the leader, or later.
  final class NotLeader extends Exception {
    public NotLeader(String message) {
      super(message);
    }
  }
}

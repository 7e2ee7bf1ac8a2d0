package io.heddle.core.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/// An ordered, durable, replicated sequence of entries: the port behind which Raft stands.
///
/// The reader hears of entries in log order, from one thread at a time, and only of those that are
/// durable on a majority. The same entry may have been appended twice, and an append whose outcome
/// is unknown may still arrive: the reader tells duplicates by what is in the entry.
public interface Log extends AutoCloseable {

  /// Asks for an entry to be appended; never blocks for long. Completes normally when the entry is
  /// durable on a majority; the reader may hear of it before or after. Fails with [NotLeader] when
  /// this attempt certainly did not append it and never will, and with anything else when nobody
  /// knows: then only reading on tells.
  CompletableFuture<Void> append(byte[] entry);

  /// Asks whether this node leads; never blocks. Completes normally when it certainly did at some
  /// moment after the call: whatever any node had acknowledged before the call was handed over here
  /// before the answer. Fails with [NotLeader] when it does not lead, and with anything else when
  /// nobody knows.
  CompletableFuture<Void> confirm();

  /// Starts: replays what is there into the reader, then follows. Returns before all is replayed.
  ///
  /// @throws IOException when what is there can't be read; the message says what an operator can do
  void start(Reader reader) throws IOException;

  @Override
  void close();

  /// What follows the log. Calls that apply hand over and may return before they took effect; each
  /// one takes effect before the next.
  interface Reader {

    void apply(byte[] entry);

    /// Writes all state as it is after the last entry that was handed over.
    void writeSnapshot(OutputStream out) throws IOException;

    /// Replaces all state.
    void readSnapshot(InputStream in) throws IOException;

    /// This node leads from here on, and every entry of earlier terms has been handed over.
    void leads(long term);

    /// This node does not lead any more.
    void follows();

    /// The log can't be written or read any more on this node.
    void failed(Throwable cause);
  }

  /// This node may not append; try the leader, or later.
  final class NotLeader extends Exception {
    public NotLeader(String message) {
      super(message);
    }
  }
}

package io.heddle.rest.spi;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// The way to whoever decides. Any node takes a write; one that does not decide hands the whole
/// request to the one that does, as bytes that only the API itself reads.
public interface Leader {

  /// Whether this node decides, as far as it knows. It may turn out not to when it tries.
  boolean isHere();

  /// Has the leader's API carry out a request and answer it
  /// ([io.heddle.rest.RestServer#serveRelayed]).
  ///
  /// Where no answer comes, the log tells what became of the request: everything that it caused
  /// carries its id there. So the outcome is unknown, and the future fails, only where this node
  /// can't read on within the time.
  ///
  /// @param request the id of the request in the log
  /// @param within how long it may take, reading on included
  CompletionStage<Relayed> relay(String request, byte[] message, Duration within);

  /// What became of a request that was handed on.
  sealed interface Relayed {

    /// The leader's API answered.
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Answered(byte[] reply) implements Relayed {}

    /// It was carried out, but its answer is lost.
    ///
    /// @param revision the one that it made
    record Committed(long revision) implements Relayed {}

    /// Nothing happened and nothing will: nobody leads, or the leader can't be reached.
    record NoLeader(String why) implements Relayed {}
  }
}

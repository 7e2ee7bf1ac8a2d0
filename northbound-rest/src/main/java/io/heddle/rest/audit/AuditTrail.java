package io.heddle.rest.audit;

import io.heddle.rest.auth.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Takes note of writes. Called on the event loop when a request is answered: never blocks.
@FunctionalInterface
public interface AuditTrail {

  /// For nodes that nobody holds to account.
  AuditTrail NONE = entry -> {};

  /// One request that would change something, and its answer.
  ///
  /// @param at when it was answered
  /// @param request its id, as the log and the history have it
  /// @param caller whose token it showed; null when that was nobody's
  /// @param from the address that it came from
  /// @param operation as the contract calls it
  /// @param path without its query
  /// @param revision what it was committed as; 0 when nothing was
  record Entry(
      Instant at,
      String request,
      @Nullable Caller caller,
      String from,
      String operation,
      String method,
      String path,
      int status,
      long revision) {}

  void note(Entry entry);
}

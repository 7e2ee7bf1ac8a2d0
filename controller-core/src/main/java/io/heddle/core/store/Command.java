package io.heddle.core.store;

/// What somebody wants. Decided once, on the leader, with everything it depends on in its
/// arguments: the same draft gives the same decision.
///
/// @param <T> what the caller gets back when it is accepted
@FunctionalInterface
public interface Command<T> {

  /// Reads and writes through the draft. On [Decision.Rejected] whatever was written to the draft
  /// is thrown away.
  Decision<T> decide(Draft draft);
}

package io.heddle.core.store;

import java.time.Duration;

/// How a submission ended.
public sealed interface Outcome<T> {

  /// Durable on a majority and applied here: `revision` holds it.
  record Committed<T>(T result, long revision) implements Outcome<T> {}

  /// The same request was answered before; this is what it was told.
  record Replayed<T>(String reply, long revision) implements Outcome<T> {}

  /// Refused, and nothing changed.
  record Rejected<T>(Problem problem) implements Outcome<T> {}

  /// Not decided here and now: a full queue, or a node that is stopping. Nothing changed.
  record Unavailable<T>(String why, Duration retryAfter) implements Outcome<T> {}

  /// Not decided here, because this node does not lead, or not any more. Nothing changed, and
  /// nothing will: ask the leader.
  record NotLeading<T>(String why) implements Outcome<T> {}
}

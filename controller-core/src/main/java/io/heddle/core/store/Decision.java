package io.heddle.core.store;

import java.util.List;

/// What became of a command: facts and the caller's result, or a problem and no fact at all.
public sealed interface Decision<T> {

  record Accepted<T>(T result, List<Fact> facts) implements Decision<T> {
    public Accepted {
      facts = List.copyOf(facts);
    }
  }

  record Rejected<T>(Problem problem) implements Decision<T> {}

  static <T> Decision<T> rejected(Problem problem) {
    return new Rejected<>(problem);
  }
}

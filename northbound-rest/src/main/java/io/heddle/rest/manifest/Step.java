package io.heddle.rest.manifest;

import io.heddle.core.store.Problem;

/// One thing that has to be done for the manifest to be so.
sealed interface Step permits Deletion, Entry {

  /// @param whole whether to wait for all that it names, rather than to begin without
  Result attempt(boolean whole);

  /// How an attempt ended.
  sealed interface Result {

    record Done() implements Result {}

    /// There, but for fields that name what is not there yet.
    record InPart() implements Result {}

    /// As things stand; others may be out of the way later.
    record NotYet(Problem problem) implements Result {}

    /// Whatever the others do.
    record Never(Problem problem) implements Result {}
  }
}

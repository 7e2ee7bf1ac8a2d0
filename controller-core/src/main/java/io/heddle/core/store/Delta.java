package io.heddle.core.store;

import java.util.List;

/// What one revision changed, each row at most once. A snapshot is a delta from the empty image.
public record Delta(long revision, List<Change> changes) {

  public Delta {
    changes = List.copyOf(changes);
  }
}

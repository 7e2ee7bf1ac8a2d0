package io.heddle.core.store;

import java.time.Instant;
import java.util.List;

/// What one entry of the log holds: the facts of the commands that were decided together, on top of
/// `base`. Applying it makes revision `base + 1`; where `base` is not the current revision it is
/// discarded, on every node alike.
///
/// @param id tells this batch from every other, so that the one who proposed it knows it when it
///   comes back
public record Batch(String id, long base, Instant at, List<Entry> entries) {

  public Batch {
    entries = List.copyOf(entries);
  }

  /// One command's part.
  public record Entry(String author, String summary, List<Fact> facts) {
    public Entry {
      facts = List.copyOf(facts);
    }
  }

  public long revision() {
    return base + 1;
  }

  public List<Fact> facts() {
    return entries.stream().flatMap(entry -> entry.facts().stream()).toList();
  }
}

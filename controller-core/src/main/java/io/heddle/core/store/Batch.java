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
  ///
  /// @param request the request that caused it, by which who sent it finds it in the log; may be
  ///   empty
  public record Entry(String author, String summary, String request, List<Fact> facts) {
    public Entry {
      facts = List.copyOf(facts);
    }

    /// What no request caused.
    public Entry(String author, String summary, List<Fact> facts) {
      this(author, summary, "", facts);
    }
  }

  public long revision() {
    return base + 1;
  }

  public List<Fact> facts() {
    return entries.stream().flatMap(entry -> entry.facts().stream()).toList();
  }
}

package io.heddle.core.replication;

/// What a node may have acknowledged and forgotten since.
///
/// Raft rests on a node never forgetting what it acknowledged. A founding member whose disk was
/// replaced comes back empty under its old name, and its vote could make a leader of somebody who
/// lacks what only the lost disk had confirmed. So it does not vote for, and is not, anybody whose
/// log ends before the place that the leader's had reached when this node first heard of it: all
/// that it may ever have acknowledged lies before.
sealed interface Amnesia {

  /// Never acknowledged anything that is not in its log.
  record None() implements Amnesia {
    @Override
    public String toString() {
      return "none";
    }
  }

  /// A founding member that began with nothing and has not heard from a leader yet: either all
  /// begin now, or its disk is a new one.
  record Possible() implements Amnesia {
    @Override
    public String toString() {
      return "possible";
    }
  }

  /// Acknowledged nothing beyond this entry, unless its log has more.
  ///
  /// @param term the term of the leader that was heard of first
  /// @param index where its log ended
  record Before(long term, long index) implements Amnesia {

    /// Whether a log that ends with this entry has everything.
    boolean isIn(long lastTerm, long lastIndex) {
      return lastTerm > term || (lastTerm == term && lastIndex >= index);
    }

    @Override
    public String toString() {
      return "before %d:%d".formatted(term, index);
    }
  }

  static Amnesia parse(String text) {
    return switch (text) {
      case "none" -> new None();
      case "possible" -> new Possible();
      default -> {
        String[] words = text.split("[ :]", -1);
        if (words.length != 3 || !words[0].equals("before")) {
          throw new IllegalArgumentException("'%s' is no amnesia".formatted(text));
        }
        yield new Before(Long.parseLong(words[1]), Long.parseLong(words[2]));
      }
    };
  }
}

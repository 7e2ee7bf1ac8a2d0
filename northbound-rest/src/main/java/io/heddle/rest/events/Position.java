package io.heddle.rest.events;

/// How far a follower has been told: the `id` of an event. `812:3` is the fourth change of revision
/// 812, and `812` is all of that revision.
///
/// @param index [#ALL] where nothing of the revision is left to tell
public record Position(long revision, int index) implements Comparable<Position> {

  public static final int ALL = Integer.MAX_VALUE;

  /// Behind all that a revision changed.
  public static Position after(long revision) {
    return new Position(revision, ALL);
  }

  /// @param text as the contract has it: digits, or digits, a colon and digits
  public static Position parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? after(Long.parseLong(text))
        : new Position(
            Long.parseLong(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  /// The revision in which the next event may be.
  public long next() {
    return index == ALL ? revision + 1 : revision;
  }

  @Override
  public int compareTo(Position other) {
    int byRevision = Long.compare(revision, other.revision);
    return byRevision != 0 ? byRevision : Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return index == ALL ? Long.toString(revision) : revision + ":" + index;
  }
}

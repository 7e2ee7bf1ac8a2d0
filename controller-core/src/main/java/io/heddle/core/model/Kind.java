package io.heddle.core.model;

import java.util.List;
import java.util.function.Function;

/// One class of rows: its name in the log and in messages, and its indexes.
///
/// @param name stable for ever: it is written to disk
/// @param since the feature level that a cluster must have reached before such a row may be written
/// @param parseKey reads the text form of a key back
public record Kind<R extends Row>(
    String name,
    Class<R> type,
    int since,
    Function<String, ? extends Key<R>> parseKey,
    List<Index<R, ?>> indexes) {

  public Kind {
    indexes = List.copyOf(indexes);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.heddle.core.model;

import java.util.Collection;
import java.util.function.Function;

/// A way to find rows of one kind by something they contain. `V` is a value with `equals`; a row
/// may stand under several values or under none.
///
/// @param name unique within the kind, for messages
public record Index<R extends Row, V>(String name, Function<R, Collection<V>> valuesOf) {

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return name;
  }
}

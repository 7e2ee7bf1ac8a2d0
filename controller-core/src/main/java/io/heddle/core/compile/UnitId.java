package io.heddle.core.compile;

import io.heddle.core.model.Key;

/// A rule run for one subject: what every flow, and so every cookie, is traced back to.
public record UnitId(String rule, Key<?> subject) implements Comparable<UnitId> {

  @Override
  public int compareTo(UnitId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return rule + "(" + subject.kind().name() + " " + subject + ")";
  }
}

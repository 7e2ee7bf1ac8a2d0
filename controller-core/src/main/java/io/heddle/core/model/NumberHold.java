package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// A number that must not be handed out: it is in use, or it was given back at a revision that some
/// host has not realised yet, so that a flow on that host may still mean its former owner by it.
///
/// @param retiredAt the revision that gave it back; 0 while it is in use
public record NumberHold(Id id, long retiredAt) implements Row {

  public static final Index<NumberHold, String> RETIRED =
      new Index<>(
          "retired numbers", hold -> hold.retiredAt() == 0 ? List.of() : List.of("retired"));
  public static final Kind<NumberHold> KIND =
      new Kind<>("number-hold", NumberHold.class, 1, Id::parse, List.of(RETIRED));

  @Override
  public Id key() {
    return id;
  }

  public record Id(String space, long number) implements Key<NumberHold> {

    @JsonCreator
    public static Id parse(String text) {
      int hash = text.lastIndexOf('#');
      return new Id(text.substring(0, hash), Long.parseLong(text.substring(hash + 1)));
    }

    @Override
    public Kind<NumberHold> kind() {
      return KIND;
    }

    @JsonValue
    @Override
    public String toString() {
      return space + "#" + number;
    }
  }
}

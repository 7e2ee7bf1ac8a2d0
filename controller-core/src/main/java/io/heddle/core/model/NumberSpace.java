package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// How far one space of numbers (tags, VNIs, identities of a VPC, zones of a host) has been handed
/// out.
///
/// @param next the number to try first at the next allocation
public record NumberSpace(Id id, long next) implements Row {

  public static final Kind<NumberSpace> KIND =
      new Kind<>("number-space", NumberSpace.class, 1, Id::parse, List.of());

  @Override
  public Id key() {
    return id;
  }

  public record Id(@JsonValue String name) implements Key<NumberSpace> {

    @JsonCreator
    public static Id parse(String text) {
      return new Id(text);
    }

    @Override
    public Kind<NumberSpace> kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}

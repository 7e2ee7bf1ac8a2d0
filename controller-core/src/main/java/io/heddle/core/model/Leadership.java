package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// Who leads, as every leader writes down before it serves anybody. Once a node has applied the
/// leadership of a term, whatever was decided in earlier terms has been applied too, or never will
/// be.
///
/// @param term the log's count of elections
public record Leadership(long term, String node) implements Row {

  public static final Kind<Leadership> KIND =
      new Kind<>("leadership", Leadership.class, 1, Id::parse, List.of());
  public static final Id ID = new Id("leadership");

  @Override
  public Id key() {
    return ID;
  }

  public record Id(@JsonValue String value) implements Key<Leadership> {

    @JsonCreator
    public static Id parse(String text) {
      return new Id(text);
    }

    @Override
    public Kind<Leadership> kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return value;
    }
  }
}

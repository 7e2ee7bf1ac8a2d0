package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// Names a node of the cluster: what an operator started it as (`--name`).
public record NodeName(@JsonValue String value) implements Key<Member>, Comparable<NodeName> {

  private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");

  @JsonCreator
  public NodeName {
    if (!TEXT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a node's name; it has 1 to 32 letters, digits, '_' and '-'"
              .formatted(value));
    }
  }

  @Override
  public Kind<Member> kind() {
    return Member.KIND;
  }

  @Override
  public int compareTo(NodeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

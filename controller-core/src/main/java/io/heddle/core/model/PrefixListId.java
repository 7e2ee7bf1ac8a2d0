package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a prefix list.
public record PrefixListId(@JsonValue UUID value)
    implements Key<PrefixList>, Comparable<PrefixListId> {

  @JsonCreator
  public static PrefixListId parse(String text) {
    return new PrefixListId(Uuids.parse("prefix list id", text));
  }

  @Override
  public Kind<PrefixList> kind() {
    return PrefixList.KIND;
  }

  @Override
  public int compareTo(PrefixListId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

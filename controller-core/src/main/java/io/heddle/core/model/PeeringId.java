package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a peering.
public record PeeringId(@JsonValue UUID value) implements Key<Peering>, Comparable<PeeringId> {

  @JsonCreator
  public static PeeringId parse(String text) {
    return new PeeringId(Uuids.parse("peering id", text));
  }

  @Override
  public Kind<Peering> kind() {
    return Peering.KIND;
  }

  @Override
  public int compareTo(PeeringId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

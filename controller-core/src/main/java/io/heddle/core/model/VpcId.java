package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a VPC.
public record VpcId(@JsonValue UUID value) implements Key<Vpc>, Comparable<VpcId> {

  @JsonCreator
  public static VpcId parse(String text) {
    return new VpcId(Uuids.parse("VPC id", text));
  }

  @Override
  public Kind<Vpc> kind() {
    return Vpc.KIND;
  }

  @Override
  public int compareTo(VpcId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

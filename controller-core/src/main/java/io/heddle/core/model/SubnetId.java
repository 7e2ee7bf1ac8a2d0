package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a subnet.
public record SubnetId(@JsonValue UUID value) implements Key<Subnet>, Comparable<SubnetId> {

  @JsonCreator
  public static SubnetId parse(String text) {
    return new SubnetId(Uuids.parse("subnet id", text));
  }

  @Override
  public Kind<Subnet> kind() {
    return Subnet.KIND;
  }

  @Override
  public int compareTo(SubnetId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a security group.
public record SecurityGroupId(@JsonValue UUID value)
    implements Key<SecurityGroup>, Comparable<SecurityGroupId> {

  @JsonCreator
  public static SecurityGroupId parse(String text) {
    return new SecurityGroupId(Uuids.parse("security group id", text));
  }

  @Override
  public Kind<SecurityGroup> kind() {
    return SecurityGroup.KIND;
  }

  @Override
  public int compareTo(SecurityGroupId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

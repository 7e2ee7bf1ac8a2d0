package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a network ACL.
public record NetworkAclId(@JsonValue UUID value)
    implements Key<NetworkAcl>, Comparable<NetworkAclId> {

  @JsonCreator
  public static NetworkAclId parse(String text) {
    return new NetworkAclId(Uuids.parse("network ACL id", text));
  }

  @Override
  public Kind<NetworkAcl> kind() {
    return NetworkAcl.KIND;
  }

  @Override
  public int compareTo(NetworkAclId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

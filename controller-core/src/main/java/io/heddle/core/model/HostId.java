package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// Names a host: the `system-id` that its Open vSwitch reports.
public record HostId(@JsonValue String value) implements Key<Host>, Comparable<HostId> {

  private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  @JsonCreator
  public HostId {
    if (!TEXT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a host id; a system-id has 1 to 64 letters, digits, '.', '_', ':' and '-'"
              .formatted(value));
    }
  }

  @Override
  public Kind<Host> kind() {
    return Host.KIND;
  }

  @Override
  public int compareTo(HostId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a port: the `iface-id` that a hypervisor writes on the VM's interface.
public record PortId(@JsonValue UUID value) implements Key<Port>, Comparable<PortId> {

  @JsonCreator
  public static PortId parse(String text) {
    return new PortId(Uuids.parse("port id", text));
  }

  @Override
  public Kind<Port> kind() {
    return Port.KIND;
  }

  @Override
  public int compareTo(PortId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

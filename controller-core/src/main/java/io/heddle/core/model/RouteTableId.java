package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Names a route table.
public record RouteTableId(@JsonValue UUID value)
    implements Key<RouteTable>, Comparable<RouteTableId> {

  @JsonCreator
  public static RouteTableId parse(String text) {
    return new RouteTableId(Uuids.parse("route table id", text));
  }

  /// The id of a VPC's main table, which follows from the VPC's. VPCs that are older than route
  /// tables have no such row.
  public static RouteTableId mainOf(VpcId vpc) {
    byte[] name = (vpc + "/main-route-table").getBytes(StandardCharsets.US_ASCII);
    return new RouteTableId(UUID.nameUUIDFromBytes(name));
  }

  @Override
  public Kind<RouteTable> kind() {
    return RouteTable.KIND;
  }

  @Override
  public int compareTo(RouteTableId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

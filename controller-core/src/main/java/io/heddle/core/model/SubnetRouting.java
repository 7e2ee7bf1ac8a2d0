package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// A subnet that has a route table other than its VPC's main one.
///
/// A row of its own, so that another table changes one row and one flow.
public record SubnetRouting(Id id, VpcId vpc, RouteTableId table) implements Row {

  public static final Index<SubnetRouting, RouteTableId> BY_TABLE =
      new Index<>("subnet by route table", routing -> List.of(routing.table()));
  public static final Kind<SubnetRouting> KIND =
      new Kind<>("subnet-routing", SubnetRouting.class, 1, Id::parse, List.of(BY_TABLE));

  @Override
  public Id key() {
    return id;
  }

  /// @param subnet which has at most one
  public record Id(@JsonValue SubnetId subnet) implements Key<SubnetRouting> {

    @JsonCreator
    public static Id parse(String text) {
      return new Id(SubnetId.parse(text));
    }

    @Override
    public Kind<SubnetRouting> kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return subnet.toString();
    }
  }
}

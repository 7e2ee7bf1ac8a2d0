package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.SubnetRouting;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;

/// Which route table a subnet is to have.
public sealed interface TableChoice {

  /// The VPC's main one.
  record Main() implements TableChoice {}

  /// This one, of the subnet's VPC.
  record Only(RouteTableId table) implements TableChoice {}

  /// Writes the choice down. Refuses a table of another VPC.
  default void choose(Draft draft, Subnet subnet) {
    switch (this) {
      case Main() -> forget(draft, subnet.id());
      case Only(RouteTableId id) -> {
        RouteTable table = checked(draft, id, subnet);
        if (table.main()) {
          forget(draft, subnet.id());
        } else {
          draft.put(new SubnetRouting(new SubnetRouting.Id(subnet.id()), subnet.vpc(), id));
        }
      }
    }
  }

  private static RouteTable checked(Draft draft, RouteTableId id, Subnet subnet) {
    ProjectId project = subnet.meta().project();
    RouteTable table = Checks.owned(draft, id, project, "routeTableId");
    if (!table.vpc().equals(subnet.vpc())) {
      throw new Refused(
          Problem.invalid(
              "routeTableId",
              "route table %s is in VPC %s; name one of the subnet's VPC %s"
                  .formatted(id, table.vpc(), subnet.vpc())));
    }
    return table;
  }

  /// The subnet has the main table from now on, or is no more.
  static void forget(Draft draft, SubnetId subnet) {
    SubnetRouting.Id id = new SubnetRouting.Id(subnet);
    if (draft.find(id).isPresent()) {
      draft.delete(id);
    }
  }
}

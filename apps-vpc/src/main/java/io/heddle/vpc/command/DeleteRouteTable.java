package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.SubnetRouting;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.OptionalLong;

/// The end of a route table that no subnet has. A VPC's main table ends with its VPC.
public record DeleteRouteTable(RouteTableId id, ProjectId project, OptionalLong ifMatch)
    implements Command<RouteTable> {

  @Override
  public Decision<RouteTable> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private RouteTable delete(Draft draft) {
    RouteTable table = Checks.owned(draft, id, project, "");
    Checks.ifMatch(table, ifMatch);
    if (table.main()) {
      throw new Refused(
          Problem.inUse(
              "route table %s is the main one of VPC %s and ends with it; take its routes away"
                      .formatted(id, table.vpc())
                  + " instead",
              List.of("vpc " + table.vpc())));
    }
    Checks.unused(
        table,
        draft.findBy(SubnetRouting.KIND, SubnetRouting.BY_TABLE, id).stream()
            .map(routing -> draft.require(routing.id().subnet()))
            .toList());
    MainTable.delete(draft, table);
    return table;
  }
}

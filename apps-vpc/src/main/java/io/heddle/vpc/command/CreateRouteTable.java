package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;

/// A route table of a VPC, for its subnets to have.
public record CreateRouteTable(
    RouteTableId id,
    ProjectId project,
    VpcId vpc,
    String name,
    Map<String, String> labels,
    List<RouteTable.Route> routes)
    implements Command<RouteTable> {

  public CreateRouteTable {
    labels = Map.copyOf(labels);
    routes = List.copyOf(routes);
  }

  @Override
  public Decision<RouteTable> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private RouteTable create(Draft draft) {
    Fresh.check(draft, id, name, labels);
    Vpc home = Checks.owned(draft, vpc, project, "vpcId");
    int held = draft.countBy(RouteTable.KIND, RouteTable.BY_VPC, vpc);
    if (held >= RouteRules.MAX_PER_VPC) {
      throw new Refused(
          Problem.exhausted(
              "",
              "VPC %s has %d route tables, which is the limit; delete some".formatted(vpc, held)));
    }
    RouteTable table =
        new RouteTable(
            id,
            draft.created(name, project, labels),
            vpc,
            false,
            RouteRules.checked(draft, home, List.of(), routes),
            (int) Checks.number(draft, Numbers.Space.ROUTE_TABLE_TAG));
    draft.put(table);
    return table;
  }
}

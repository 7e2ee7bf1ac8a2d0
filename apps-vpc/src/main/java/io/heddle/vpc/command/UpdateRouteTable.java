package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Another name, other labels, or other routes, for every subnet that has it: each only where
/// given.
public record UpdateRouteTable(
    RouteTableId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<List<RouteTable.Route>> routes)
    implements Command<RouteTable> {

  public UpdateRouteTable {
    labels = labels.map(Map::copyOf);
    routes = routes.map(List::copyOf);
  }

  @Override
  public Decision<RouteTable> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private RouteTable update(Draft draft) {
    RouteTable table = Checks.owned(draft, id, project, "");
    Checks.ifMatch(table, ifMatch);
    RouteTable updated =
        new RouteTable(
            id,
            Checks.renamed(draft, table.meta(), name, labels),
            table.vpc(),
            table.main(),
            routes.isPresent()
                ? RouteRules.checked(
                    draft, draft.require(table.vpc()), table.routes(), routes.get())
                : table.routes(),
            table.tag());
    draft.put(updated);
    return updated;
  }
}

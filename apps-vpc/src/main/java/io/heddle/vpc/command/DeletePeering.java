package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.OptionalLong;

/// Ends a peering, by either side. One's own routes over it must be gone; the other side's stay,
/// and lead nowhere.
///
/// @param project of who ends it
public record DeletePeering(PeeringId id, ProjectId project, OptionalLong ifMatch)
    implements Command<Peering> {

  @Override
  public Decision<Peering> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private Peering delete(Draft draft) {
    Peering peering = PeeringRules.shared(draft, id, project);
    Checks.ifMatch(peering, ifMatch);
    Checks.unused(
        peering,
        draft.findBy(RouteTable.KIND, RouteTable.BY_PEERING, id).stream()
            .filter(table -> table.meta().project().equals(project))
            .toList());
    draft.delete(id);
    return peering;
  }
}

package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Renames or labels a peering; its requester calls it what it likes.
public record UpdatePeering(
    PeeringId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels)
    implements Command<Peering> {

  public UpdatePeering {
    labels = labels.map(Map::copyOf);
  }

  @Override
  public Decision<Peering> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private Peering update(Draft draft) {
    Peering peering = PeeringRules.shared(draft, id, project);
    Checks.ifMatch(peering, ifMatch);
    if (!peering.meta().project().equals(project)) {
      throw new Refused(
          new Problem(
              Problem.Type.FORBIDDEN,
              "name and labels of peering %s are its requester's; project %s may accept, reject or delete it"
                  .formatted(id, project),
              "",
              List.of()));
    }
    Peering updated =
        new Peering(
            id,
            Checks.renamed(draft, peering.meta(), name, labels),
            peering.requester(),
            peering.accepter(),
            peering.accepterProject(),
            peering.state());
    draft.put(updated);
    return updated;
  }
}

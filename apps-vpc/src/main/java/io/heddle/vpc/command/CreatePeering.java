package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;

/// Asks for a peering with another VPC, of whichever project.
///
/// @param project the requester's
/// @param accepter whose project is to accept
public record CreatePeering(
    PeeringId id,
    ProjectId project,
    VpcId requester,
    VpcId accepter,
    String name,
    Map<String, String> labels)
    implements Command<Peering> {

  public CreatePeering {
    labels = Map.copyOf(labels);
  }

  @Override
  public Decision<Peering> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private Peering create(Draft draft) {
    Fresh.check(draft, id, name, labels);
    Vpc own = Checks.owned(draft, requester, project, "requesterVpcId");
    Vpc other = Checks.existing(draft, accepter, "accepterVpcId");
    if (own.id().equals(other.id())) {
      throw new Refused(
          Problem.invalid(
              "accepterVpcId", "%s is the requester itself; name another VPC".formatted(accepter)));
    }
    checkOnce(draft);
    PeeringRules.checkRoom(draft, own, Peering::isOpen);
    // What others ask for takes no room from the accepter; what it has accepted does.
    PeeringRules.checkRoom(draft, other, Peering::isActive);
    PeeringRules.checkDisjoint(own, other, "accepterVpcId");
    Peering peering =
        new Peering(
            id,
            draft.created(name, project, labels),
            requester,
            accepter,
            other.meta().project(),
            Peering.State.PENDING_ACCEPTANCE);
    draft.put(peering);
    return peering;
  }

  private void checkOnce(Draft draft) {
    for (Peering known : draft.findBy(Peering.KIND, Peering.BY_VPC, requester)) {
      if (known.isOpen() && known.beyond(requester).filter(accepter::equals).isPresent()) {
        throw new Refused(
            Problem.conflict(
                "accepterVpcId",
                "peering %s joins the two already, or is to; there is one for two VPCs"
                    .formatted(known.id()),
                List.of("peering " + known.id())));
      }
    }
  }
}

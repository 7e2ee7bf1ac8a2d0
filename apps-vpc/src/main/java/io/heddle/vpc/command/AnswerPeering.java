package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Peering;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.OptionalLong;

/// What the accepter's project says to a request. Who says so again says nothing new.
///
/// @param project of who answers
public record AnswerPeering(PeeringId id, ProjectId project, OptionalLong ifMatch, Answer answer)
    implements Command<Peering> {

  /// Yes or no.
  public enum Answer {
    ACCEPT(Peering.State.ACTIVE),
    REJECT(Peering.State.REJECTED);

    private final Peering.State state;

    Answer(Peering.State state) {
      this.state = state;
    }
  }

  @Override
  public Decision<Peering> decide(Draft draft) {
    return Refused.deciding(draft, this::answer);
  }

  private Peering answer(Draft draft) {
    Peering peering = PeeringRules.shared(draft, id, project);
    Checks.ifMatch(peering, ifMatch);
    if (!peering.accepterProject().equals(project)) {
      throw new Refused(
          new Problem(
              Problem.Type.FORBIDDEN,
              "peering %s is for who was asked to accept or reject; who asked may delete it"
                  .formatted(id),
              "",
              List.of()));
    }
    if (peering.state() == answer.state) {
      return peering;
    }
    if (peering.state() != Peering.State.PENDING_ACCEPTANCE) {
      throw new Refused(
          Problem.conflict(
              "",
              "peering %s is %s; delete it, and let it be asked for again"
                  .formatted(id, peering.isActive() ? "active" : "rejected"),
              List.of("peering " + id)));
    }
    if (answer == Answer.ACCEPT) {
      Vpc own = draft.require(peering.accepter());
      Vpc other = draft.require(peering.requester());
      PeeringRules.checkRoom(draft, own, Peering::isActive);
      PeeringRules.checkRoom(draft, other, Peering::isActive);
      PeeringRules.checkDisjoint(own, other, "");
    }
    Peering answered =
        new Peering(
            id,
            draft.touched(peering.meta()),
            peering.requester(),
            peering.accepter(),
            peering.accepterProject(),
            answer.state);
    draft.put(answered);
    return answered;
  }
}

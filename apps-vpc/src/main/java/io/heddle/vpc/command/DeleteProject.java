package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Host;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.OptionalLong;

/// An operator lets a tenant go that has nothing left. Whatever a project owns lives in one of its
/// VPCs, so these stand for all of it, prefix lists apart; hosts belong to the operators' project.
public record DeleteProject(ProjectId id, OptionalLong ifMatch) implements Command<Project> {

  @Override
  public Decision<Project> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private Project delete(Draft draft) {
    Project project = Checks.existing(draft, id, "");
    Checks.ifMatch(project, ifMatch);
    Checks.unused(project, draft.findBy(Vpc.KIND, Vpc.BY_PROJECT, id));
    Checks.unused(project, draft.findBy(PrefixList.KIND, PrefixList.BY_PROJECT, id));
    Checks.unused(
        project,
        draft.findBy(Host.KIND, Host.ALL, "all").stream()
            .filter(host -> host.meta().project().equals(id))
            .toList());
    draft.delete(id);
    return project;
  }
}

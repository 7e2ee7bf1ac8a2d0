package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// An operator renames a tenant or changes how much it may have.
public record UpdateProject(
    ProjectId id,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<Project.Quotas> quotas)
    implements Command<Project> {

  @Override
  public Decision<Project> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private Project update(Draft draft) {
    Project project = Checks.existing(draft, id, "");
    Checks.ifMatch(project, ifMatch);
    quotas.ifPresent(QuotaRules::check);
    Project updated =
        new Project(
            id,
            Checks.renamed(draft, project.meta(), name, labels),
            quotas.orElse(project.quotas()));
    draft.put(updated);
    return updated;
  }
}

package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.Map;

/// An operator lets a tenant in.
public record CreateProject(
    ProjectId id, String name, Map<String, String> labels, Project.Quotas quotas)
    implements Command<Project> {

  public CreateProject {
    labels = Map.copyOf(labels);
  }

  @Override
  public Decision<Project> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private Project create(Draft draft) {
    Fresh.check(draft, id, name, labels);
    QuotaRules.check(quotas);
    Project project = new Project(id, draft.created(name, id, labels), quotas);
    draft.put(project);
    return project;
  }
}

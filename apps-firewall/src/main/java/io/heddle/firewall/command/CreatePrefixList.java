package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;

/// A list of CIDRs for rules to name.
public record CreatePrefixList(
    PrefixListId id,
    ProjectId project,
    String name,
    Map<String, String> labels,
    List<PrefixList.Entry> entries)
    implements Command<PrefixList> {

  public CreatePrefixList {
    labels = Map.copyOf(labels);
    entries = List.copyOf(entries);
  }

  @Override
  public Decision<PrefixList> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private PrefixList create(Draft draft) {
    Project _ =
        Checks.roomFor(
            draft,
            id,
            project,
            Project.Quotas::prefixLists,
            draft.countBy(PrefixList.KIND, PrefixList.BY_PROJECT, project));
    if (draft.find(id).isPresent()) {
      throw new Refused(
          Problem.conflict(
              "id", "prefix list %s is there already".formatted(id), List.of("prefix-list " + id)));
    }
    Checks.name(name);
    Checks.labels(labels);
    PrefixListRules.check(entries);
    PrefixList list = new PrefixList(id, draft.created(name, project, labels), entries);
    draft.put(list);
    return list;
  }
}

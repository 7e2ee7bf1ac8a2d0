package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Another name, other labels, or another list of CIDRs, for every rule that names it: each only
/// where given.
public record UpdatePrefixList(
    PrefixListId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<List<PrefixList.Entry>> entries)
    implements Command<PrefixList> {

  public UpdatePrefixList {
    labels = labels.map(Map::copyOf);
    entries = entries.map(List::copyOf);
  }

  @Override
  public Decision<PrefixList> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private PrefixList update(Draft draft) {
    PrefixList standing = Checks.owned(draft, id, project, "");
    Checks.ifMatch(standing, ifMatch);
    entries.ifPresent(PrefixListRules::check);
    PrefixList updated =
        new PrefixList(
            id,
            Checks.renamed(draft, standing.meta(), name, labels),
            entries.orElse(standing.entries()));
    draft.put(updated);
    for (SecurityGroup user : draft.findBy(SecurityGroup.KIND, SecurityGroup.BY_PREFIX_LIST, id)) {
      GroupRules.checkPrefixes(draft, user.rules(), "entries");
    }
    return updated;
  }
}

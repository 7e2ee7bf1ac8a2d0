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
import java.util.OptionalLong;

/// The end of a list that no rule names.
public record DeletePrefixList(PrefixListId id, ProjectId project, OptionalLong ifMatch)
    implements Command<PrefixList> {

  @Override
  public Decision<PrefixList> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private PrefixList delete(Draft draft) {
    PrefixList list = Checks.owned(draft, id, project, "");
    Checks.ifMatch(list, ifMatch);
    Checks.unused(list, draft.findBy(SecurityGroup.KIND, SecurityGroup.BY_PREFIX_LIST, id));
    draft.delete(id);
    return list;
  }
}

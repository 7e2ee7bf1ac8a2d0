package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/// One rule less. The connections that only it allowed are cut, both ways, when hosts realise it.
public record RemoveSecurityRule(
    SecurityGroupId group, ProjectId project, OptionalLong ifMatch, UUID rule)
    implements Command<SecurityGroup> {

  @Override
  public Decision<SecurityGroup> decide(Draft draft) {
    return Refused.deciding(draft, this::remove);
  }

  private SecurityGroup remove(Draft draft) {
    SecurityGroup standing = Checks.owned(draft, group, project, "");
    Checks.ifMatch(standing, ifMatch);
    List<SecurityRule> rules =
        standing.rules().stream().filter(other -> !other.id().equals(rule)).toList();
    if (rules.size() == standing.rules().size()) {
      throw new Refused(
          Problem.notFound("", "security group %s has no rule %s".formatted(group, rule)));
    }
    SecurityGroup updated = GroupRules.with(standing, draft.touched(standing.meta()), rules);
    draft.put(updated);
    return updated;
  }
}

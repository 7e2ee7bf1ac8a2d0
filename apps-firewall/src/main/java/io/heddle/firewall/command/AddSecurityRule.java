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
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// One more rule for a group, at the end of its list. The order of rules means nothing.
public record AddSecurityRule(
    SecurityGroupId group, ProjectId project, OptionalLong ifMatch, SecurityRule rule)
    implements Command<SecurityGroup> {

  @Override
  public Decision<SecurityGroup> decide(Draft draft) {
    return Refused.deciding(draft, this::add);
  }

  private SecurityGroup add(Draft draft) {
    SecurityGroup standing = Checks.owned(draft, group, project, "");
    Checks.ifMatch(standing, ifMatch);
    GroupRules.checkAdded(draft, standing, rule);
    GroupRules.checkQuota(draft, Checks.existing(draft, project, "project"), 1);
    List<SecurityRule> rules = new ArrayList<>(standing.rules());
    rules.add(rule);
    SecurityGroup updated = GroupRules.with(standing, draft.touched(standing.meta()), rules);
    draft.put(updated);
    return updated;
  }
}

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Another name, other labels, another list of rules, or other things logged: each only where
/// given.
///
/// @param rules the whole list. One that allows what a standing rule allows keeps that rule's id
public record UpdateSecurityGroup(
    SecurityGroupId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<List<SecurityRule>> rules,
    Optional<SecurityGroup.Logging> logging)
    implements Command<SecurityGroup> {

  public UpdateSecurityGroup {
    labels = labels.map(Map::copyOf);
    rules = rules.map(List::copyOf);
  }

  /// One that leaves alone what is logged.
  public UpdateSecurityGroup(
      SecurityGroupId id,
      ProjectId project,
      OptionalLong ifMatch,
      Optional<String> name,
      Optional<Map<String, String>> labels,
      Optional<List<SecurityRule>> rules) {
    this(id, project, ifMatch, name, labels, rules, Optional.empty());
  }

  @Override
  public Decision<SecurityGroup> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private SecurityGroup update(Draft draft) {
    SecurityGroup group = Checks.owned(draft, id, project, "");
    Checks.ifMatch(group, ifMatch);
    List<SecurityRule> wanted = group.rules();
    if (rules.isPresent()) {
      GroupRules.check(draft, GroupRules.Home.of(group), rules.get());
      GroupRules.checkQuota(
          draft,
          Checks.existing(draft, project, "project"),
          rules.get().size() - group.rules().size());
      wanted = GroupRules.keepingIds(group.rules(), rules.get());
    }
    SecurityGroup updated =
        new SecurityGroup(
            id,
            Checks.renamed(draft, group.meta(), name, labels),
            group.vpc(),
            wanted,
            group.tag(),
            logging.orElse(group.logging()));
    draft.put(updated);
    return updated;
  }
}

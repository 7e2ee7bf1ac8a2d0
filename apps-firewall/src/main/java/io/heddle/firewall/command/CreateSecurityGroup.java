package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;

/// A group of a VPC, with its first rules.
///
/// @param rules may name the new group itself as their remote
public record CreateSecurityGroup(
    SecurityGroupId id,
    ProjectId project,
    VpcId vpc,
    String name,
    Map<String, String> labels,
    List<SecurityRule> rules,
    SecurityGroup.Logging logging)
    implements Command<SecurityGroup> {

  public CreateSecurityGroup {
    labels = Map.copyOf(labels);
    rules = List.copyOf(rules);
  }

  /// One that has nothing logged.
  public CreateSecurityGroup(
      SecurityGroupId id,
      ProjectId project,
      VpcId vpc,
      String name,
      Map<String, String> labels,
      List<SecurityRule> rules) {
    this(id, project, vpc, name, labels, rules, SecurityGroup.Logging.OFF);
  }

  @Override
  public Decision<SecurityGroup> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private SecurityGroup create(Draft draft) {
    Project owner =
        Checks.roomFor(
            draft,
            id,
            project,
            Project.Quotas::securityGroups,
            draft.countBy(SecurityGroup.KIND, SecurityGroup.BY_PROJECT, project));
    if (draft.find(id).isPresent()) {
      throw new Refused(
          Problem.conflict(
              "id",
              "security group %s is there already".formatted(id),
              List.of(id.kind() + " " + id)));
    }
    Checks.name(name);
    Checks.labels(labels);
    Checks.owned(draft, vpc, project, "vpcId");
    GroupRules.check(draft, new GroupRules.Home(id, vpc, project), rules);
    GroupRules.checkQuota(draft, owner, rules.size());
    int tag = (int) Checks.number(draft, Numbers.Space.GROUP_TAG);
    SecurityGroup group =
        new SecurityGroup(id, draft.created(name, project, labels), vpc, rules, tag, logging);
    draft.put(group);
    return group;
  }
}

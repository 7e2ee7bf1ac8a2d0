package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The security groups that a port may be in.
final class Groups {

  /// Each costs every packet of the port a lookup.
  static final int MAX_PER_PORT = 5;

  private Groups() {}

  static SortedSet<SecurityGroupId> check(
      Draft draft, VpcId vpc, ProjectId project, List<SecurityGroupId> wanted) {
    if (wanted.size() > MAX_PER_PORT) {
      throw new Refused(
          Problem.invalid(
              "securityGroupIds",
              "%d security groups; a port is in at most %d"
                  .formatted(wanted.size(), MAX_PER_PORT)));
    }
    SortedSet<SecurityGroupId> groups = new TreeSet<>();
    for (int i = 0; i < wanted.size(); i++) {
      String field = "securityGroupIds[%d]".formatted(i);
      SecurityGroup group = Checks.owned(draft, wanted.get(i), project, field);
      if (!group.vpc().equals(vpc)) {
        throw new Refused(
            Problem.invalid(
                field,
                "security-group %s is in VPC %s; name one of the port's VPC %s"
                    .formatted(group.id(), group.vpc(), vpc)));
      }
      if (!groups.add(group.id())) {
        throw new Refused(
            Problem.invalid(
                field, "security-group %s is named twice; name it once".formatted(group.id())));
      }
    }
    return groups;
  }
}

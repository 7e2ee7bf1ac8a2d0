package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Port;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import io.heddle.core.store.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The end of a group that no port is in and no other group's rule names. The default group of a
/// VPC goes with its VPC.
public record DeleteSecurityGroup(SecurityGroupId id, ProjectId project, OptionalLong ifMatch)
    implements Command<SecurityGroup> {

  @Override
  public Decision<SecurityGroup> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private SecurityGroup delete(Draft draft) {
    SecurityGroup group = Checks.owned(draft, id, project, "");
    Checks.ifMatch(group, ifMatch);
    Vpc vpc = draft.require(group.vpc());
    if (vpc.defaultGroup().equals(id)) {
      throw new Refused(
          Problem.inUse(
              "security group %s is the default of VPC %s and goes when the VPC is deleted"
                  .formatted(id, vpc.id()),
              Checks.names(List.of(vpc))));
    }
    List<Resource> users = new ArrayList<>(draft.findBy(Port.KIND, Port.BY_GROUP, id));
    for (SecurityGroup other :
        draft.findBy(SecurityGroup.KIND, SecurityGroup.BY_REMOTE_GROUP, id)) {
      if (!other.id().equals(id)) {
        users.add(other);
      }
    }
    Checks.unused(group, users);
    draft.delete(id);
    Numbers.giveBack(draft, Numbers.Space.GROUP_TAG, Integer.toUnsignedLong(group.tag()));
    return group;
  }
}

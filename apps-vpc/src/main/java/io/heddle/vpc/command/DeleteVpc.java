package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NumberSpace;
import io.heddle.core.model.Peering;
import io.heddle.core.model.Port;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.util.OptionalLong;

/// Closes an empty address space. Its default security group and its main route table go with it.
public record DeleteVpc(VpcId id, ProjectId project, OptionalLong ifMatch) implements Command<Vpc> {

  @Override
  public Decision<Vpc> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private Vpc delete(Draft draft) {
    Vpc vpc = Checks.owned(draft, id, project, "");
    Checks.ifMatch(vpc, ifMatch);
    Checks.unused(vpc, draft.findBy(Subnet.KIND, Subnet.BY_VPC, id));
    Checks.unused(vpc, draft.findBy(Port.KIND, Port.BY_VPC, id));
    Checks.unused(vpc, draft.findBy(NetworkAcl.KIND, NetworkAcl.BY_VPC, id));
    Checks.unused(vpc, draft.findBy(Peering.KIND, Peering.BY_VPC, id));
    Checks.unused(
        vpc,
        draft.findBy(RouteTable.KIND, RouteTable.BY_VPC, id).stream()
            .filter(table -> !table.main())
            .toList());
    Checks.unused(
        vpc,
        draft.findBy(SecurityGroup.KIND, SecurityGroup.BY_VPC, id).stream()
            .filter(group -> !group.id().equals(vpc.defaultGroup()))
            .toList());
    draft
        .find(vpc.defaultGroup())
        .ifPresent(group -> {
          draft.delete(group.id());
          Numbers.giveBack(draft, Numbers.Space.GROUP_TAG, Integer.toUnsignedLong(group.tag()));
        });
    MainTable.delete(draft, vpc);
    draft.delete(id);
    draft.delete(new NumberSpace.Id(Numbers.Space.identities(id).name()));
    Numbers.giveBack(draft, Numbers.Space.VPC_TAG, vpc.tag());
    Numbers.giveBack(draft, Numbers.Space.VNI, vpc.vni());
    return vpc;
  }
}

package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Port;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.util.OptionalLong;

/// Gives an empty subnet's addresses back to its VPC.
public record DeleteSubnet(SubnetId id, ProjectId project, OptionalLong ifMatch)
    implements Command<Subnet> {

  @Override
  public Decision<Subnet> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private Subnet delete(Draft draft) {
    Subnet subnet = Checks.owned(draft, id, project, "");
    Checks.ifMatch(subnet, ifMatch);
    Checks.unused(subnet, draft.findBy(Port.KIND, Port.BY_SUBNET, id));
    TableChoice.forget(draft, id);
    draft.delete(id);
    Addresses.forget(draft, id);
    Numbers.giveBack(draft, Numbers.Space.SUBNET_TAG, subnet.tag());
    return subnet;
  }
}

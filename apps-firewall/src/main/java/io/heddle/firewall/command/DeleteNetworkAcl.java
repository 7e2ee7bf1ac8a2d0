package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Subnet;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.util.OptionalLong;

/// The end of an ACL that no subnet has.
public record DeleteNetworkAcl(NetworkAclId id, ProjectId project, OptionalLong ifMatch)
    implements Command<NetworkAcl> {

  @Override
  public Decision<NetworkAcl> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private NetworkAcl delete(Draft draft) {
    NetworkAcl acl = Checks.owned(draft, id, project, "");
    Checks.ifMatch(acl, ifMatch);
    Checks.unused(acl, draft.findBy(Subnet.KIND, Subnet.BY_NETWORK_ACL, id));
    draft.delete(id);
    Numbers.giveBack(draft, Numbers.Space.ACL_TAG, Integer.toUnsignedLong(acl.tag()));
    return acl;
  }
}

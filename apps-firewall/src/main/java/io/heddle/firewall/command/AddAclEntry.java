package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.OptionalLong;

/// One more entry for a network ACL, among the others by its number.
public record AddAclEntry(
    NetworkAclId acl, ProjectId project, OptionalLong ifMatch, NetworkAcl.Entry entry)
    implements Command<NetworkAcl> {

  @Override
  public Decision<NetworkAcl> decide(Draft draft) {
    return Refused.deciding(draft, this::add);
  }

  private NetworkAcl add(Draft draft) {
    NetworkAcl standing = Checks.owned(draft, acl, project, "");
    Checks.ifMatch(standing, ifMatch);
    NetworkAcl updated =
        new NetworkAcl(
            acl,
            draft.touched(standing.meta()),
            standing.vpc(),
            AclRules.joined(standing, entry),
            standing.tag());
    draft.put(updated);
    return updated;
  }
}

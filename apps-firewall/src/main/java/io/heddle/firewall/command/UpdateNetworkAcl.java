package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Another name, other labels, or other entries, for every subnet that has it: each only where
/// given.
public record UpdateNetworkAcl(
    NetworkAclId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<List<NetworkAcl.Entry>> entries)
    implements Command<NetworkAcl> {

  public UpdateNetworkAcl {
    labels = labels.map(Map::copyOf);
    entries = entries.map(List::copyOf);
  }

  @Override
  public Decision<NetworkAcl> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private NetworkAcl update(Draft draft) {
    NetworkAcl acl = Checks.owned(draft, id, project, "");
    Checks.ifMatch(acl, ifMatch);
    NetworkAcl updated =
        new NetworkAcl(
            id,
            Checks.renamed(draft, acl.meta(), name, labels),
            acl.vpc(),
            entries.map(AclRules::checked).orElse(acl.entries()),
            acl.tag());
    draft.put(updated);
    return updated;
  }
}

package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Direction;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// One entry less for a network ACL: what it decided is for the entries behind it.
public record RemoveAclEntry(
    NetworkAclId acl, ProjectId project, OptionalLong ifMatch, Direction direction, int number)
    implements Command<NetworkAcl> {

  @Override
  public Decision<NetworkAcl> decide(Draft draft) {
    return Refused.deciding(draft, this::remove);
  }

  private NetworkAcl remove(Draft draft) {
    NetworkAcl standing = Checks.owned(draft, acl, project, "");
    Checks.ifMatch(standing, ifMatch);
    List<NetworkAcl.Entry> left =
        standing.entries().stream()
            .filter(entry -> entry.direction() != direction || entry.number() != number)
            .toList();
    if (left.size() == standing.entries().size()) {
      throw new Refused(
          Problem.notFound(
              "",
              "network ACL %s has no %s entry %d"
                  .formatted(acl, direction.name().toLowerCase(Locale.ROOT), number)));
    }
    NetworkAcl updated =
        new NetworkAcl(acl, draft.touched(standing.meta()), standing.vpc(), left, standing.tag());
    draft.put(updated);
    return updated;
  }
}

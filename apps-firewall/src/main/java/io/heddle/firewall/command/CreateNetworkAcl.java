package io.heddle.firewall.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;

/// A network ACL of a VPC, for its subnets to have.
public record CreateNetworkAcl(
    NetworkAclId id,
    ProjectId project,
    VpcId vpc,
    String name,
    Map<String, String> labels,
    List<NetworkAcl.Entry> entries)
    implements Command<NetworkAcl> {

  public CreateNetworkAcl {
    labels = Map.copyOf(labels);
    entries = List.copyOf(entries);
  }

  @Override
  public Decision<NetworkAcl> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private NetworkAcl create(Draft draft) {
    Project _ =
        Checks.roomFor(
            draft,
            id,
            project,
            Project.Quotas::networkAcls,
            draft.countBy(NetworkAcl.KIND, NetworkAcl.BY_PROJECT, project));
    Checks.owned(draft, vpc, project, "vpcId");
    Limits.room(
        id, vpc, draft.countBy(NetworkAcl.KIND, NetworkAcl.BY_VPC, vpc), AclRules.MAX_PER_VPC);
    if (draft.find(id).isPresent()) {
      throw new Refused(
          Problem.conflict(
              "id", "network ACL %s is there already".formatted(id), List.of("network-acl " + id)));
    }
    Checks.name(name);
    Checks.labels(labels);
    NetworkAcl acl =
        new NetworkAcl(
            id,
            draft.created(name, project, labels),
            vpc,
            AclRules.checked(entries),
            (int) Checks.number(draft, Numbers.Space.ACL_TAG));
    draft.put(acl);
    return acl;
  }
}

package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import org.jspecify.annotations.Nullable;

/// Which network ACL a subnet is to have.
public sealed interface AclChoice {

  /// None: everything passes its gateway.
  record None() implements AclChoice {}

  /// This one, of the subnet's VPC.
  record Only(NetworkAclId acl) implements AclChoice {}

  /// The choice as the subnet's row keeps it.
  default @Nullable NetworkAclId chosen(Draft draft, ProjectId project, VpcId vpc) {
    return switch (this) {
      case None() -> null;
      case Only(NetworkAclId acl) -> check(draft, acl, project, vpc);
    };
  }

  /// Refuses an ACL of another VPC.
  static NetworkAclId check(Draft draft, NetworkAclId id, ProjectId project, VpcId vpc) {
    NetworkAcl acl = Checks.owned(draft, id, project, "networkAclId");
    if (!acl.vpc().equals(vpc)) {
      throw new Refused(
          Problem.invalid(
              "networkAclId",
              "network ACL %s is in VPC %s; name one of the subnet's VPC %s"
                  .formatted(id, acl.vpc(), vpc)));
    }
    return id;
  }
}

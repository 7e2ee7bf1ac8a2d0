package io.heddle.core.intent;

import io.heddle.core.model.Identity;
import io.heddle.core.model.IdentityId;
import io.heddle.core.model.Port;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import io.heddle.core.store.Problem;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/// Numbers the sets of security groups that ports of a VPC have. An identity begins with the first
/// port that needs it and ends with the last.
public final class Identities {

  /// Each identity costs every host of the VPC a few flows, so their number is bounded.
  public static final int MAX_PER_VPC = 1024;

  private Identities() {}

  /// The identity of a set of groups, allocated if it is the first of its kind.
  public static int acquire(Draft draft, VpcId vpc, Collection<SecurityGroupId> groups) {
    SortedSet<SecurityGroupId> sorted = new TreeSet<>(groups);
    Collection<Identity> known =
        draft.findBy(Identity.KIND, Identity.BY_MEMBERS, new Identity.Members(vpc, sorted));
    if (!known.isEmpty()) {
      return known.iterator().next().id().number();
    }
    Collection<Identity> inUse = draft.findBy(Identity.KIND, Identity.BY_VPC, vpc);
    if (inUse.size() >= MAX_PER_VPC) {
      throw new Refused(
          Problem.conflict(
              "securityGroupIds",
              ("VPC %s already uses %d different sets of security groups, which is the limit; give the port one of"
                      + " those sets")
                  .formatted(vpc, MAX_PER_VPC),
              inUse.stream().map(identity -> "security-groups " + identity.groups()).toList()));
    }
    int number = (int) Checks.number(draft, Numbers.Space.identities(vpc));
    int vni = (int) Checks.number(draft, Numbers.Space.VNI);
    draft.put(new Identity(new IdentityId(vpc, number), sorted, vni));
    return number;
  }

  /// Ends an identity that no port has any more. Call it after the port was put or deleted.
  public static void releaseUnused(Draft draft, IdentityId id) {
    if (draft.anyBy(Port.KIND, Port.BY_IDENTITY, id)) {
      return;
    }
    Identity identity = draft.require(id);
    draft.delete(id);
    Numbers.giveBack(draft, Numbers.Space.identities(id.vpc()), id.number());
    Numbers.giveBack(draft, Numbers.Space.VNI, identity.vni());
  }
}

package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Renames a VPC or gives it more addresses.
public record UpdateVpc(
    VpcId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<List<Ipv4Prefix>> cidrs,
    Optional<List<Ipv6Prefix>> ipv6Cidrs)
    implements Command<Vpc> {

  /// IPv6 stays as it is.
  public UpdateVpc(
      VpcId id,
      ProjectId project,
      OptionalLong ifMatch,
      Optional<String> name,
      Optional<Map<String, String>> labels,
      Optional<List<Ipv4Prefix>> cidrs) {
    this(id, project, ifMatch, name, labels, cidrs, Optional.empty());
  }

  @Override
  public Decision<Vpc> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private Vpc update(Draft draft) {
    Vpc vpc = Checks.owned(draft, id, project, "");
    Checks.ifMatch(vpc, ifMatch);
    List<Ipv4Prefix> wanted = cidrs.orElse(vpc.cidrs());
    CidrRules.checkVpc(wanted);
    CidrRules.checkGrowth(vpc.cidrs(), wanted);
    List<Ipv6Prefix> wantedIpv6 = ipv6Cidrs.orElse(vpc.ipv6Cidrs());
    Ipv6Rules.checkVpc(wantedIpv6);
    Ipv6Rules.checkGrowth(vpc.ipv6Cidrs(), wantedIpv6);
    Vpc updated =
        new Vpc(
            id,
            Checks.renamed(draft, vpc.meta(), name, labels),
            wanted,
            wantedIpv6,
            vpc.tag(),
            vpc.vni(),
            vpc.defaultGroup());
    PeeringRules.checkGrowth(draft, updated);
    draft.put(updated);
    MainTable.ensure(draft, updated);
    return updated;
  }
}

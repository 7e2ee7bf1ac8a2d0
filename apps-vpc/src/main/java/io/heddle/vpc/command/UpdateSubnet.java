package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Renames a subnet, moves it to another zone, or changes what its DHCP says. Its addresses and
/// gateway stay: VMs hold them for as long as their leases last.
public record UpdateSubnet(
    SubnetId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<String> zone,
    Optional<Subnet.Dhcp> dhcp)
    implements Command<Subnet> {

  @Override
  public Decision<Subnet> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private Subnet update(Draft draft) {
    Subnet subnet = Checks.owned(draft, id, project, "");
    Checks.ifMatch(subnet, ifMatch);
    zone.ifPresent(ZoneRules::check);
    dhcp.ifPresent(DhcpRules::check);
    Subnet updated =
        new Subnet(
            id,
            Checks.renamed(draft, subnet.meta(), name, labels),
            subnet.vpc(),
            subnet.cidr(),
            subnet.gateway(),
            zone.orElse(subnet.zone()),
            dhcp.orElse(subnet.dhcp()),
            subnet.tag());
    draft.put(updated);
    return updated;
  }
}

package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Renames a subnet, moves it to another zone, changes what its DHCP says, what passes its gateway
/// or where that routes to, or gives it IPv6. Its addresses and gateway stay: VMs hold them for as
/// long as their leases last.
///
/// @param ipv6Cidr only for a subnet that has none
public record UpdateSubnet(
    SubnetId id,
    ProjectId project,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<String> zone,
    Optional<Subnet.Dhcp> dhcp,
    Optional<Ipv6Prefix> ipv6Cidr,
    Optional<AclChoice> networkAcl,
    Optional<TableChoice> routeTable)
    implements Command<Subnet> {

  /// The route table stays.
  public UpdateSubnet(
      SubnetId id,
      ProjectId project,
      OptionalLong ifMatch,
      Optional<String> name,
      Optional<Map<String, String>> labels,
      Optional<String> zone,
      Optional<Subnet.Dhcp> dhcp,
      Optional<Ipv6Prefix> ipv6Cidr,
      Optional<AclChoice> networkAcl) {
    this(id, project, ifMatch, name, labels, zone, dhcp, ipv6Cidr, networkAcl, Optional.empty());
  }

  /// Neither IPv6 nor the network ACL changes.
  public UpdateSubnet(
      SubnetId id,
      ProjectId project,
      OptionalLong ifMatch,
      Optional<String> name,
      Optional<Map<String, String>> labels,
      Optional<String> zone,
      Optional<Subnet.Dhcp> dhcp) {
    this(id, project, ifMatch, name, labels, zone, dhcp, Optional.empty(), Optional.empty());
  }

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
            ipv6(draft, subnet),
            zone.orElse(subnet.zone()),
            dhcp.orElse(subnet.dhcp()),
            networkAcl.isPresent()
                ? networkAcl.get().chosen(draft, project, subnet.vpc())
                : subnet.networkAcl(),
            subnet.tag());
    draft.put(updated);
    routeTable.ifPresent(choice -> choice.choose(draft, updated));
    return updated;
  }

  private @Nullable Ipv6Prefix ipv6(Draft draft, Subnet subnet) {
    Ipv6Prefix before = subnet.ipv6Cidr();
    if (ipv6Cidr.isEmpty() || ipv6Cidr.get().equals(before)) {
      return before;
    }
    if (before != null) {
      throw new Refused(
          Problem.invalid(
              "ipv6Cidr",
              "subnet %s has %s, which its ports hold addresses of; create another subnet for %s"
                  .formatted(id, before, ipv6Cidr.get())));
    }
    Ipv6Rules.checkSubnet(draft, draft.require(subnet.vpc()), ipv6Cidr.get(), id);
    return ipv6Cidr.get();
  }
}

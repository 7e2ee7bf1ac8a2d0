package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Identities;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/// Gives a VM an interface in a subnet.
///
/// @param mac what it is to be; made from the port's tag where none is asked for
/// @param addresses of both families, the first of IPv4 is the primary one; where none of IPv4 is
///   asked for, the next free one of the subnet; where none of IPv6, the one that follows from the
///   MAC
/// @param groups where absent, the VPC's default group; an empty list means none: nothing passes
public record CreatePort(
    PortId id,
    SubnetId subnet,
    ProjectId project,
    String name,
    Map<String, String> labels,
    Optional<MacAddress> mac,
    List<? extends IpAddress> addresses,
    Optional<List<SecurityGroupId>> groups,
    PortSettings settings)
    implements Command<Port> {

  public CreatePort {
    labels = Map.copyOf(labels);
    addresses = List.copyOf(addresses);
  }

  @Override
  public Decision<Port> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private Port create(Draft draft) {
    Fresh.check(draft, id, name, labels);
    Subnet home = Checks.owned(draft, subnet, project, "subnetId");
    Vpc vpc = draft.require(home.vpc());
    int held = draft.countBy(Port.KIND, Port.BY_PROJECT, project);
    Checks.roomFor(draft, id, project, Project.Quotas::ports, held);
    PortSettings.checkDeviceId(settings.deviceId());
    SortedSet<SecurityGroupId> members =
        Groups.check(draft, vpc.id(), project, groups.orElse(List.of(vpc.defaultGroup())));
    int tag = (int) Checks.number(draft, Numbers.Space.PORT_TAG);
    MacAddress ownMac =
        mac.isPresent()
            ? Macs.claim(draft, vpc.id(), mac.get())
            : Macs.allocate(draft, vpc.id(), tag);
    Addresses.checkCount(addresses);
    List<Ipv4Address> ipv4 = Addresses.of(Ipv4Address.class, addresses);
    List<Ipv6Address> ipv6 = Addresses.of(Ipv6Address.class, addresses);
    Port port =
        new Port(
            id,
            draft.created(name, project, labels),
            subnet,
            vpc.id(),
            ownMac,
            ipv4.isEmpty()
                ? List.of(Addresses.allocate(draft, home))
                : Addresses.claim(draft, home, ipv4, id),
            ipv6.isEmpty()
                ? Ipv6Rules.allocate(draft, home, ownMac, id)
                : Ipv6Rules.claim(draft, home, ipv6, id),
            members,
            Identities.acquire(draft, vpc.id(), members),
            tag,
            settings.portSecurity(),
            PortSettings.checkPairs(settings.allowedPairs()),
            settings.adminUp(),
            settings.deviceId(),
            settings.requestedHost().requested(draft),
            null);
    draft.put(port);
    return port;
  }
}

package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.util.Map;
import java.util.Optional;

/// Cuts a subnet out of a VPC's addresses.
///
/// @param gateway its gateway's address; the first one where none is asked for
/// @param ipv6Cidr a /64 of the VPC's, if it is to have IPv6 too
/// @param networkAcl what is to pass its gateway; everything where none is named
/// @param routeTable what its gateway routes by
/// @param zone where its VMs are meant to run, or empty
public record CreateSubnet(
    SubnetId id,
    VpcId vpc,
    ProjectId project,
    String name,
    Map<String, String> labels,
    Ipv4Prefix cidr,
    Optional<Ipv4Address> gateway,
    Optional<Ipv6Prefix> ipv6Cidr,
    String zone,
    Subnet.Dhcp dhcp,
    Optional<NetworkAclId> networkAcl,
    TableChoice routeTable)
    implements Command<Subnet> {

  public CreateSubnet {
    labels = Map.copyOf(labels);
  }

  /// One with the VPC's main route table.
  public CreateSubnet(
      SubnetId id,
      VpcId vpc,
      ProjectId project,
      String name,
      Map<String, String> labels,
      Ipv4Prefix cidr,
      Optional<Ipv4Address> gateway,
      Optional<Ipv6Prefix> ipv6Cidr,
      String zone,
      Subnet.Dhcp dhcp,
      Optional<NetworkAclId> networkAcl) {
    this(
        id,
        vpc,
        project,
        name,
        labels,
        cidr,
        gateway,
        ipv6Cidr,
        zone,
        dhcp,
        networkAcl,
        new TableChoice.Main());
  }

  /// One of IPv4 alone, without a network ACL.
  public CreateSubnet(
      SubnetId id,
      VpcId vpc,
      ProjectId project,
      String name,
      Map<String, String> labels,
      Ipv4Prefix cidr,
      Optional<Ipv4Address> gateway,
      String zone,
      Subnet.Dhcp dhcp) {
    this(
        id,
        vpc,
        project,
        name,
        labels,
        cidr,
        gateway,
        Optional.empty(),
        zone,
        dhcp,
        Optional.empty());
  }

  @Override
  public Decision<Subnet> decide(Draft draft) {
    return Refused.deciding(draft, this::create);
  }

  private Subnet create(Draft draft) {
    Fresh.check(draft, id, name, labels);
    Vpc home = Checks.owned(draft, vpc, project, "vpcId");
    int held = draft.countBy(Subnet.KIND, Subnet.BY_PROJECT, project);
    Checks.roomFor(draft, id, project, Project.Quotas::subnets, held);
    CidrRules.checkSubnet(draft, home, cidr, id);
    Ipv4Address gatewayIp = gateway.orElse(CidrRules.first(cidr));
    CidrRules.checkGateway(cidr, gatewayIp);
    ipv6Cidr.ifPresent(range -> Ipv6Rules.checkSubnet(draft, home, range, id));
    networkAcl.ifPresent(acl -> AclChoice.check(draft, acl, project, vpc));
    ZoneRules.check(zone);
    DhcpRules.check(dhcp);
    Subnet subnet =
        new Subnet(
            id,
            draft.created(name, project, labels),
            vpc,
            cidr,
            gatewayIp,
            ipv6Cidr.orElse(null),
            zone,
            dhcp,
            networkAcl.orElse(null),
            (int) Checks.number(draft, Numbers.Space.SUBNET_TAG));
    draft.put(subnet);
    routeTable.choose(draft, subnet);
    return subnet;
  }
}

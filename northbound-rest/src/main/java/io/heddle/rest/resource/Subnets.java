package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.store.Command;
import io.heddle.vpc.command.AclChoice;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.DeleteSubnet;
import io.heddle.vpc.command.UpdateSubnet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/subnets`
final class Subnets implements ResourceType.Creatable<Subnet> {

  @Override
  public String path() {
    return "subnets";
  }

  @Override
  public String singular() {
    return "Subnet";
  }

  @Override
  public Kind<Subnet> kind() {
    return Subnet.KIND;
  }

  @Override
  public void describe(Subnet subnet, Scene scene, ObjectNode json) {
    Ipv6Prefix ipv6 = subnet.ipv6Cidr();
    NetworkAclId acl = subnet.networkAcl();
    json.put("vpcId", subnet.vpc().toString())
        .put("cidr", subnet.cidr().toString())
        .put("gatewayIp", subnet.gateway().toString())
        .put("ipv6Cidr", ipv6 == null ? null : ipv6.toString())
        .put("ipv6GatewayIp", subnet.ipv6Gateway().map(Ipv6Address::toString).orElse(null))
        .put("networkAclId", acl == null ? null : acl.toString())
        .put("zone", subnet.zone())
        .put("mtu", Overlay.MTU);
    DhcpFields.describe(subnet.dhcp(), json.putObject("dhcp"));
  }

  @Override
  public Command<Subnet> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    return new CreateSubnet(
        new SubnetId(ids.get()),
        body.required("vpcId", VpcId::parse),
        project,
        body.text("name").orElse(""),
        body.labels(),
        body.required("cidr", Ipv4Prefix::parse),
        body.value("gatewayIp", Ipv4Address::parse),
        body.value("ipv6Cidr", Ipv6Prefix::parse),
        body.text("zone").orElse(""),
        body.object("dhcp")
            .map(dhcp -> DhcpFields.read(dhcp, Subnet.Dhcp.DEFAULT))
            .orElse(Subnet.Dhcp.DEFAULT),
        body.value("networkAclId", NetworkAclId::parse));
  }

  @Override
  public Command<Subnet> update(Subnet subnet, Fields patch, OptionalLong ifMatch) {
    return new UpdateSubnet(
        subnet.id(),
        subnet.meta().project(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(subnet.meta().labels()),
        patch.has("zone") ? Optional.of(patch.text("zone").orElse("")) : Optional.empty(),
        patch.has("dhcp")
            ? Optional.of(
                patch
                    .object("dhcp")
                    .map(dhcp -> DhcpFields.read(dhcp, subnet.dhcp()))
                    .orElse(Subnet.Dhcp.DEFAULT))
            : Optional.empty(),
        patch.value("ipv6Cidr", Ipv6Prefix::parse),
        patch.has("networkAclId")
            ? Optional.of(
                patch
                    .value("networkAclId", NetworkAclId::parse)
                    .<AclChoice>map(AclChoice.Only::new)
                    .orElse(new AclChoice.None()))
            : Optional.empty());
  }

  @Override
  public Command<Subnet> deletion(Subnet subnet, OptionalLong ifMatch) {
    return new DeleteSubnet(subnet.id(), subnet.meta().project(), ifMatch);
  }

  @Override
  public List<Filter<Subnet>> filters() {
    return List.of(
        new Filter<>(
            "vpcId",
            text -> VpcId.parse(text).toString(),
            (image, vpc) -> image.findBy(Subnet.KIND, Subnet.BY_VPC, VpcId.parse(vpc)),
            (subnet, image) -> List.of(subnet.vpc().toString())),
        Filter.plain(
            Subnet.KIND,
            "cidr",
            text -> Ipv4Prefix.parse(text).toString(),
            subnet -> subnet.cidr().toString()),
        new Filter<>(
            "networkAclId",
            text -> NetworkAclId.parse(text).toString(),
            (image, acl) ->
                image.findBy(Subnet.KIND, Subnet.BY_NETWORK_ACL, NetworkAclId.parse(acl)),
            (subnet, image) ->
                Optional.ofNullable(subnet.networkAcl()).map(NetworkAclId::toString).stream()
                    .toList()),
        Filter.plain(Subnet.KIND, "zone", zone -> zone, Subnet::zone));
  }

  @Override
  public List<Subnet> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(Subnet.KIND, Subnet.BY_PROJECT, project));
  }
}

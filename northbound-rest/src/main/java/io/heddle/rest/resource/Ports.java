package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.Binding;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.rest.resource.Status.State;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.DeletePort;
import io.heddle.vpc.command.HostChoice;
import io.heddle.vpc.command.PortSettings;
import io.heddle.vpc.command.UpdatePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `/v1/ports`
final class Ports implements ResourceType.Creatable<Port> {

  @Override
  public String path() {
    return "ports";
  }

  @Override
  public String singular() {
    return "Port";
  }

  @Override
  public Kind<Port> kind() {
    return Port.KIND;
  }

  @Override
  public void describe(Port port, Scene scene, ObjectNode json) {
    json.put("vpcId", port.vpc().toString())
        .put("subnetId", port.subnet().toString())
        .put("macAddress", port.mac().toString());
    ArrayNode ips = json.putArray("privateIps");
    for (Ipv4Address address : port.addresses()) {
      ips.addObject().put("address", address.toString()).put("primary", ips.size() == 1);
    }
    for (Ipv6Address address : port.ipv6Addresses()) {
      ips.addObject().put("address", address.toString()).put("primary", false);
    }
    ArrayNode pairs = json.putArray("allowedAddressPairs");
    for (AddressPair pair : port.allowedPairs()) {
      MacAddress mac = pair.mac();
      pairs
          .addObject()
          .put("ipAddress", pair.prefix().toString())
          .put("macAddress", mac == null ? null : mac.toString())
          .put("active", has(port, pair, scene.image()));
    }
    Representation.texts(json.putArray("securityGroupIds"), port.groups());
    HostId requested = port.requestedHost();
    HostId moving = port.migratingTo();
    json.put("portSecurity", port.portSecurity())
        .put("adminUp", port.adminUp())
        .put("deviceId", port.deviceId())
        .put("requestedHostId", requested == null ? null : requested.value())
        .put("migratingToHostId", moving == null ? null : moving.value());
    Binding binding = binding(port, scene.image());
    ObjectNode bound = json.putObject("binding");
    if (binding == null) {
      bound.putNull("hostId").put("state", "unbound").putNull("ofport");
    } else {
      bound
          .put("hostId", binding.id().host().value())
          .put("state", scene.realized(binding) ? "realized" : "bound")
          .put("ofport", binding.ofport());
    }
  }

  @Override
  public Status status(Port port, Scene scene) {
    Status status = Status.of(scene.standing(port));
    Binding binding = binding(port, scene.image());
    if (status.state() != State.ACTIVE) {
      return status;
    }
    if (binding == null) {
      return new Status(State.PENDING, "no host has plugged it in");
    }
    return scene.realized(binding)
        ? status
        : new Status(State.PENDING, "host %s does not have it yet".formatted(binding.id().host()));
  }

  /// Whether a virtual address is at this port now.
  private static boolean has(Port port, AddressPair pair, Image image) {
    return pair.single()
        .flatMap(address -> image.find(new ClaimedAddress.Id(port.vpc(), address)))
        .filter(claimed -> claimed.port().equals(port.id()))
        .isPresent();
  }

  /// While a machine moves its port is bound twice: the host that it works on stands for both.
  private static @Nullable Binding binding(Port port, Image image) {
    return image.findBy(Binding.KIND, Binding.BY_PORT, port.id()).stream()
        .filter(binding -> !binding.id().host().equals(port.migratingTo()))
        .min(Comparator.comparing(binding -> binding.id().host()))
        .orElse(null);
  }

  @Override
  public Command<Port> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    return new CreatePort(
        new PortId(ids.get()),
        body.required("subnetId", SubnetId::parse),
        project,
        body.text("name").orElse(""),
        body.labels(),
        body.value("macAddress", MacAddress::parse),
        addresses(body).orElse(List.of()),
        body.list("securityGroupIds", SecurityGroupId::parse),
        new PortSettings(
            body.flag("portSecurity").orElse(PortSettings.DEFAULT.portSecurity()),
            pairs(body).orElse(List.of()),
            body.flag("adminUp").orElse(PortSettings.DEFAULT.adminUp()),
            body.text("deviceId").orElse(PortSettings.DEFAULT.deviceId()),
            hostChoice(body, "requestedHostId")));
  }

  @Override
  public Command<Port> update(Port port, Fields patch, OptionalLong ifMatch) {
    return new UpdatePort(
        port.id(),
        port.meta().project(),
        ifMatch,
        new UpdatePort.Changes(
            patch.patchedName(),
            patch.mergedLabels(port.meta().labels()),
            addresses(patch),
            patch.list("securityGroupIds", SecurityGroupId::parse),
            patch.patched("portSecurity", JsonNode::asBoolean, PortSettings.DEFAULT.portSecurity()),
            patch.has("allowedAddressPairs")
                ? Optional.of(pairs(patch).orElse(List.of()))
                : Optional.empty(),
            patch.patched("adminUp", JsonNode::asBoolean, PortSettings.DEFAULT.adminUp()),
            patch.patched("deviceId", JsonNode::asText, PortSettings.DEFAULT.deviceId()),
            patch.has("requestedHostId")
                ? Optional.of(hostChoice(patch, "requestedHostId"))
                : Optional.empty(),
            patch.has("migratingToHostId")
                ? Optional.of(hostChoice(patch, "migratingToHostId"))
                : Optional.empty()));
  }

  private static HostChoice hostChoice(Fields body, String field) {
    return body.value(field, HostId::new)
        .<HostChoice>map(HostChoice.Only::new)
        .orElse(new HostChoice.Any());
  }

  private static Optional<List<AddressPair>> pairs(Fields body) {
    return body.objects("allowedAddressPairs")
        .map(asked ->
            asked.stream()
                .map(each ->
                    new AddressPair(
                        each.required("ipAddress", Ports::prefix),
                        each.value("macAddress", MacAddress::parse).orElse(null)))
                .toList());
  }

  /// An address alone is the prefix of that one address.
  private static IpPrefix prefix(String text) {
    if (text.indexOf('/') >= 0) {
      return IpPrefix.parse(text);
    }
    return switch (IpAddress.parse(text)) {
      case Ipv4Address v4 -> new Ipv4Prefix(v4, 32);
      case Ipv6Address v6 -> new Ipv6Prefix(v6, 128);
    };
  }

  /// The addresses asked for, the primary one first.
  private static Optional<List<IpAddress>> addresses(Fields body) {
    return body.objects("privateIps")
        .map(asked -> {
          List<IpAddress> addresses = new ArrayList<>(asked.size());
          int primaries = 0;
          for (Fields each : asked) {
            IpAddress address = each.required("address", IpAddress::parse);
            boolean primary = each.flag("primary").orElse(false);
            if (primary && address instanceof Ipv6Address) {
              throw each.refused("primary", "the primary address is one of IPv4");
            }
            if (primary && ++primaries > 1) {
              throw each.refused("primary", "two addresses are primary; one may be");
            }
            addresses.add(primary ? 0 : addresses.size(), address);
          }
          return addresses;
        });
  }

  @Override
  public Command<Port> deletion(Port port, OptionalLong ifMatch) {
    return new DeletePort(port.id(), port.meta().project(), ifMatch);
  }

  @Override
  public List<Filter<Port>> filters() {
    return List.of(
        new Filter<>(
            "vpcId",
            text -> VpcId.parse(text).toString(),
            (image, vpc) -> image.findBy(Port.KIND, Port.BY_VPC, VpcId.parse(vpc)),
            (port, image) -> List.of(port.vpc().toString())),
        new Filter<>(
            "subnetId",
            text -> SubnetId.parse(text).toString(),
            (image, subnet) -> image.findBy(Port.KIND, Port.BY_SUBNET, SubnetId.parse(subnet)),
            (port, image) -> List.of(port.subnet().toString())),
        new Filter<>(
            "securityGroupId",
            text -> SecurityGroupId.parse(text).toString(),
            (image, group) -> image.findBy(Port.KIND, Port.BY_GROUP, SecurityGroupId.parse(group)),
            (port, image) -> port.groups().stream().map(SecurityGroupId::toString).toList()),
        Filter.plain(
            Port.KIND,
            "macAddress",
            text -> MacAddress.parse(text).toString(),
            port -> port.mac().toString()),
        Filter.plain(Port.KIND, "deviceId", device -> device, Port::deviceId),
        new Filter<>("hostId", host -> host, Ports::boundOn, Ports::hosts));
  }

  private static Collection<String> hosts(Port port, Image image) {
    return image.findBy(Binding.KIND, Binding.BY_PORT, port.id()).stream()
        .map(binding -> binding.id().host().value())
        .toList();
  }

  private static Collection<Port> boundOn(Image image, String host) {
    return image.findBy(Binding.KIND, Binding.BY_HOST, new HostId(host)).stream()
        .map(binding -> image.require(binding.id().port()))
        .toList();
  }

  @Override
  public List<Port> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(Port.KIND, Port.BY_PROJECT, project));
  }
}

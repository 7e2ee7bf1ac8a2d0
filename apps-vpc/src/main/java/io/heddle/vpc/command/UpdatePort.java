package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Identities;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// Changes a port in place. Its subnet and its MAC stay.
public record UpdatePort(PortId id, ProjectId project, OptionalLong ifMatch, Changes changes)
    implements Command<Port> {

  /// What is to be different; what is absent stays.
  public record Changes(
      Optional<String> name,
      Optional<Map<String, String>> labels,
      Optional<List<IpAddress>> addresses,
      Optional<List<SecurityGroupId>> groups,
      Optional<Boolean> portSecurity,
      Optional<List<AddressPair>> allowedPairs,
      Optional<Boolean> adminUp,
      Optional<String> deviceId,
      Optional<HostChoice> requestedHost) {

    public static final Changes NONE =
        new Changes(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  @Override
  public Decision<Port> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private Port update(Draft draft) {
    Port port = Checks.owned(draft, id, project, "");
    Checks.ifMatch(port, ifMatch);
    changes.deviceId().ifPresent(PortSettings::checkDeviceId);
    SortedSet<SecurityGroupId> groups =
        changes.groups().isPresent()
            ? Groups.check(draft, port.vpc(), project, changes.groups().get())
            : port.groups();
    Port updated =
        new Port(
            id,
            Checks.renamed(draft, port.meta(), changes.name(), changes.labels()),
            port.subnet(),
            port.vpc(),
            port.mac(),
            addresses(draft, port),
            ipv6Addresses(draft, port),
            groups,
            Identities.acquire(draft, port.vpc(), groups),
            port.tag(),
            changes.portSecurity().orElse(port.portSecurity()),
            changes.allowedPairs().map(PortSettings::checkPairs).orElse(port.allowedPairs()),
            changes.adminUp().orElse(port.adminUp()),
            changes.deviceId().orElse(port.deviceId()),
            requestedHost(draft, port));
    draft.put(updated);
    if (updated.identity() != port.identity()) {
      Identities.releaseUnused(draft, port.identityId());
    }
    return updated;
  }

  private List<Ipv4Address> addresses(Draft draft, Port port) {
    if (changes.addresses().isEmpty()) {
      return port.addresses();
    }
    List<IpAddress> wanted = changes.addresses().get();
    Addresses.checkCount(wanted);
    List<Ipv4Address> ipv4 = Addresses.of(Ipv4Address.class, wanted);
    if (ipv4.isEmpty()) {
      throw new Refused(
          Problem.invalid(
              "privateIps", "a port keeps one address at least, of IPv4; name those to keep"));
    }
    return Addresses.claim(draft, draft.require(port.subnet()), ipv4, id);
  }

  private List<Ipv6Address> ipv6Addresses(Draft draft, Port port) {
    if (changes.addresses().isEmpty()) {
      return port.ipv6Addresses();
    }
    List<Ipv6Address> wanted = Addresses.of(Ipv6Address.class, changes.addresses().get());
    return Ipv6Rules.claim(draft, draft.require(port.subnet()), wanted, id);
  }

  private @Nullable HostId requestedHost(Draft draft, Port port) {
    if (changes.requestedHost().isEmpty()) {
      return port.requestedHost();
    }
    HostId wanted = changes.requestedHost().get().requested(draft);
    for (Binding binding : draft.findBy(Binding.KIND, Binding.BY_PORT, id)) {
      if (wanted != null && !binding.id().host().equals(wanted)) {
        throw new Refused(
            Problem.conflict(
                "requestedHostId",
                "the port is bound on host %s; unplug it there before it may be bound on %s only"
                    .formatted(binding.id().host(), wanted),
                List.of("host " + binding.id().host())));
      }
    }
    return wanted;
  }
}

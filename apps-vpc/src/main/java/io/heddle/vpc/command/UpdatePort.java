package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Identities;
import io.heddle.core.intent.Refused;
import io.heddle.core.inventory.Bindings;
import io.heddle.core.inventory.VirtualAddresses;
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
      Optional<HostChoice> requestedHost,
      Optional<HostChoice> migratingTo) {

    /// The port is not to be moved, and a move is not to be called off.
    public Changes(
        Optional<String> name,
        Optional<Map<String, String>> labels,
        Optional<List<IpAddress>> addresses,
        Optional<List<SecurityGroupId>> groups,
        Optional<Boolean> portSecurity,
        Optional<List<AddressPair>> allowedPairs,
        Optional<Boolean> adminUp,
        Optional<String> deviceId,
        Optional<HostChoice> requestedHost) {
      this(
          name,
          labels,
          addresses,
          groups,
          portSecurity,
          allowedPairs,
          adminUp,
          deviceId,
          requestedHost,
          Optional.empty());
    }

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
            requestedHost(draft, port),
            migratingTo(draft, port));
    draft.put(updated);
    VirtualAddresses.revise(draft, updated);
    HostId before = port.migratingTo();
    if (before != null && updated.migratingTo() == null) {
      draft
          .find(new Binding.Id(id, before))
          .ifPresent(arriving -> Bindings.unbind(draft, arriving));
    }
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

  /// A move begins where the port is bound; called off, it is bound there alone.
  private @Nullable HostId migratingTo(Draft draft, Port port) {
    if (changes.migratingTo().isEmpty()) {
      return port.migratingTo();
    }
    HostId there = changes.migratingTo().get().migratesTo(draft);
    HostId before = port.migratingTo();
    if (there == null || there.equals(before)) {
      return there;
    }
    if (before != null) {
      throw new Refused(
          Problem.conflict(
              "migratingToHostId",
              "the port is on its way to host %s; set this to null to call that off first"
                  .formatted(before),
              List.of("host " + before)));
    }
    List<HostId> bound =
        draft.findBy(Binding.KIND, Binding.BY_PORT, id).stream()
            .map(binding -> binding.id().host())
            .toList();
    if (bound.isEmpty() || bound.contains(there)) {
      throw new Refused(
          Problem.invalid(
              "migratingToHostId",
              bound.isEmpty()
                  ? "the port is plugged in nowhere and may be plugged in on %s as it is"
                      .formatted(there)
                  : "the port is on host %s already; name another one".formatted(there)));
    }
    return there;
  }

  private @Nullable HostId requestedHost(Draft draft, Port port) {
    if (changes.requestedHost().isEmpty()) {
      return port.requestedHost();
    }
    HostId wanted = changes.requestedHost().get().requested(draft);
    for (Binding binding : draft.findBy(Binding.KIND, Binding.BY_PORT, id)) {
      if (wanted != null
          && !binding.id().host().equals(wanted)
          && !binding.id().host().equals(port.migratingTo())) {
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

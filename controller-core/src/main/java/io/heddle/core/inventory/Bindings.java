package io.heddle.core.inventory;

import io.heddle.core.intent.Checks;
import io.heddle.core.model.Binding;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;

/// Binds and unbinds, and keeps a ct zone for each VPC on each host that has a port of it.
///
/// A port that is moving is bound on two hosts, and works on the old one. When only the new one is
/// left, whatever ended the other, it has moved: a port is never bound on the host that it is
/// migrating to, and nowhere else.
public final class Bindings {

  private Bindings() {}

  static void bind(Draft draft, Binding binding) {
    if (draft.find(binding.id()).map(binding::equals).orElse(false)) {
      return;
    }
    CtZone.Id zone = binding.zoneId();
    if (draft.find(zone).isEmpty()) {
      int number = (int) Checks.number(draft, Numbers.Space.ctZones(zone.host()));
      draft.put(new CtZone(zone, number));
    }
    draft.put(binding);
    settle(draft, binding.id().port());
    draft.find(binding.id().port()).ifPresent(port -> VirtualAddresses.giveWay(draft, port));
  }

  /// Ends a move of which only the new binding is left.
  private static void settle(Draft draft, PortId id) {
    Port port = draft.find(id).orElse(null);
    HostId there = port == null ? null : port.migratingTo();
    if (port == null || there == null) {
      return;
    }
    boolean elsewhere = false;
    boolean arrived = false;
    for (Binding binding : draft.findBy(Binding.KIND, Binding.BY_PORT, id)) {
      arrived |= binding.id().host().equals(there);
      elsewhere |= !binding.id().host().equals(there);
    }
    if (arrived && !elsewhere) {
      draft.put(port.settled(port.requestedHost() == null ? null : there));
    }
  }

  /// Ends one binding.
  public static void unbind(Draft draft, Binding binding) {
    draft.delete(binding.id());
    settle(draft, binding.id().port());
    CtZone.Id id = binding.zoneId();
    if (draft.anyBy(Binding.KIND, Binding.BY_ZONE, id)) {
      return;
    }
    CtZone zone = draft.require(id);
    draft.delete(id);
    Numbers.giveBack(draft, Numbers.Space.ctZones(id.host()), zone.zone());
  }

  /// Ends every binding of a port that is being deleted.
  public static void unbindAll(Draft draft, PortId port) {
    for (Binding binding : draft.findBy(Binding.KIND, Binding.BY_PORT, port)) {
      unbind(draft, binding);
    }
  }
}

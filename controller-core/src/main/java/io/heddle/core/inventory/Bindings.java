package io.heddle.core.inventory;

import io.heddle.core.intent.Checks;
import io.heddle.core.model.Binding;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.PortId;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;

/// Binds and unbinds, and keeps a ct zone for each VPC on each host that has a port of it.
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
  }

  static void unbind(Draft draft, Binding binding) {
    draft.delete(binding.id());
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

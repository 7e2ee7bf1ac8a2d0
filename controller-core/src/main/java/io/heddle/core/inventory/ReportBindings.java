package io.heddle.core.inventory;

import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A host says which ports are plugged into it, all of them. A claim that can't be accepted is not
/// an error of the report: the rest of it stands, and the answer says which claim was refused and
/// why.
///
/// @param plugged OpenFlow port by port id
public record ReportBindings(HostId host, Map<PortId, Integer> plugged)
    implements Command<SortedMap<PortId, String>> {

  public ReportBindings {
    plugged = Map.copyOf(plugged);
  }

  @Override
  public Decision<SortedMap<PortId, String>> decide(Draft draft) {
    SortedMap<PortId, String> refused = new TreeMap<>();
    for (Binding standing : draft.findBy(Binding.KIND, Binding.BY_HOST, host)) {
      if (!plugged.containsKey(standing.id().port())) {
        Bindings.unbind(draft, standing);
      }
    }
    new TreeMap<>(plugged)
        .forEach((port, ofport) -> {
          String why = claim(draft, port, ofport);
          if (!why.isEmpty()) {
            refused.put(port, why);
          }
        });
    return draft.accept(refused);
  }

  private String claim(Draft draft, PortId id, int ofport) {
    Port port = draft.find(id).orElse(null);
    if (port == null) {
      return "there is no port " + id;
    }
    Binding.Id key = new Binding.Id(id, host);
    HostId wanted = port.requestedHost();
    boolean arrives = host.equals(port.migratingTo());
    if (wanted != null && !wanted.equals(host) && !arrives) {
      draft.find(key).ifPresent(standing -> Bindings.unbind(draft, standing));
      return "port %s may be bound on host %s only".formatted(id, wanted);
    }
    if (!arrives && draft.find(key).isEmpty()) {
      Collection<Binding> others = draft.findBy(Binding.KIND, Binding.BY_PORT, id);
      for (Binding other : others) {
        return "port %s is bound on host %s; unplug it there first, or say that it migrates"
            .formatted(id, other.id().host());
      }
    }
    Bindings.bind(draft, new Binding(key, port.vpc(), ofport));
    return "";
  }
}

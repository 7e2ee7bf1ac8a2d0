package io.heddle.core.inventory;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.OptionalLong;

/// An operator takes a host that will not come back out of the cluster, with the bindings that it
/// last reported. If it does come back, it onboards like a new one.
public record EvictHost(HostId id, OptionalLong ifMatch) implements Command<Host> {

  @Override
  public Decision<Host> decide(Draft draft) {
    return Refused.deciding(draft, this::evict);
  }

  private Host evict(Draft draft) {
    Host host = Checks.existing(draft, id, "");
    Checks.ifMatch(host, ifMatch);
    for (Binding binding : draft.findBy(Binding.KIND, Binding.BY_HOST, id)) {
      Bindings.unbind(draft, binding);
    }
    draft.delete(id);
    return host;
  }
}

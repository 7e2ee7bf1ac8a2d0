package io.heddle.core.inventory;

import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.PortId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;

/// The machine of a port that was moving runs on its new host: it was heard there. Its binding on
/// the old host ends in the same moment.
///
/// The answer says whether anything changed.
public record ActivateBinding(PortId port, HostId host) implements Command<Boolean> {

  @Override
  public Decision<Boolean> decide(Draft draft) {
    boolean arrives =
        draft.find(port).filter(moving -> host.equals(moving.migratingTo())).isPresent()
            && draft.find(new Binding.Id(port, host)).isPresent();
    if (!arrives) {
      return draft.accept(false);
    }
    for (Binding binding : draft.findBy(Binding.KIND, Binding.BY_PORT, port)) {
      if (!binding.id().host().equals(host)) {
        Bindings.unbind(draft, binding);
      }
    }
    return draft.accept(true);
  }
}

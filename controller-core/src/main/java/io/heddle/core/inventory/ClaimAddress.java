package io.heddle.core.inventory;

import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.Optional;

/// A port's machine announced that it has a virtual address now. What it may not have stays where
/// it is: machines are not told no.
///
/// The answer says whether anything changed.
public record ClaimAddress(PortId port, IpAddress address) implements Command<Boolean> {

  @Override
  public Decision<Boolean> decide(Draft draft) {
    Optional<Port> claimer =
        draft
            .find(port)
            .filter(Port::adminUp)
            .filter(found -> VirtualAddresses.allows(draft, found, address))
            .filter(found -> VirtualAddresses.isFree(draft, found, address));
    if (claimer.isEmpty()) {
      return draft.accept(false);
    }
    ClaimedAddress claimed =
        new ClaimedAddress(new ClaimedAddress.Id(claimer.get().vpc(), address), port);
    if (draft.find(claimed.id()).filter(claimed::equals).isPresent()) {
      return draft.accept(false);
    }
    draft.put(claimed);
    return draft.accept(true);
  }
}

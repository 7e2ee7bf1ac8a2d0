package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Identities;
import io.heddle.core.intent.Refused;
import io.heddle.core.inventory.Bindings;
import io.heddle.core.inventory.VirtualAddresses;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.util.OptionalLong;

/// Takes an interface away, plugged in or not, unless a route leads to it.
public record DeletePort(PortId id, ProjectId project, OptionalLong ifMatch)
    implements Command<Port> {

  @Override
  public Decision<Port> decide(Draft draft) {
    return Refused.deciding(draft, this::delete);
  }

  private Port delete(Draft draft) {
    Port port = Checks.owned(draft, id, project, "");
    Checks.ifMatch(port, ifMatch);
    Checks.unused(port, draft.findBy(RouteTable.KIND, RouteTable.BY_PORT, id));
    Bindings.unbindAll(draft, id);
    VirtualAddresses.endAll(draft, id);
    draft.delete(id);
    Identities.releaseUnused(draft, port.identityId());
    Numbers.giveBack(draft, Numbers.Space.PORT_TAG, Integer.toUnsignedLong(port.tag()));
    return port;
  }
}

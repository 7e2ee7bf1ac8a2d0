package io.heddle.core.inventory;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A host says who it is. The first time, that makes it a host of the cluster.
///
/// @param tunnelIp its `heddle-encap-ip`, or null when it has none that can be used
public record ReportHost(
    HostId id,
    String hostname,
    @Nullable Ipv4Address tunnelIp,
    Map<String, String> bridgeMappings,
    ProjectId operators)
    implements Command<Host> {

  @Override
  public Decision<Host> decide(Draft draft) {
    return Refused.deciding(draft, this::report);
  }

  private Host report(Draft draft) {
    requireTunnelIpFree(draft);
    Host known = draft.find(id).orElse(null);
    if (known == null) {
      return put(
          draft,
          new Host(
              id,
              draft.created(hostname, operators, Map.of()),
              hostname,
              tunnelIp,
              bridgeMappings,
              ""));
    }
    Host same = new Host(id, known.meta(), hostname, tunnelIp, bridgeMappings, known.zone());
    if (same.equals(known)) {
      return known;
    }
    return put(
        draft,
        new Host(
            id, draft.touched(known.meta()), hostname, tunnelIp, bridgeMappings, known.zone()));
  }

  private static Host put(Draft draft, Host host) {
    draft.put(host);
    return host;
  }

  private void requireTunnelIpFree(Draft draft) {
    if (tunnelIp == null) {
      return;
    }
    Collection<Host> holders = draft.findBy(Host.KIND, Host.BY_TUNNEL_IP, tunnelIp);
    for (Host holder : holders) {
      if (!holder.id().equals(id)) {
        throw new Refused(
            Problem.conflict(
                "heddle-encap-ip",
                "host %s says its tunnel IP is %s, which is host %s's; each host needs its own"
                    .formatted(id, tunnelIp, holder.id()),
                List.of("host " + holder.id())));
      }
    }
  }
}

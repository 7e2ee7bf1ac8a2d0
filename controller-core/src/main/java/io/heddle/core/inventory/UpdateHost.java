package io.heddle.core.inventory;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// An operator names, labels or places a host.
public record UpdateHost(
    HostId id,
    OptionalLong ifMatch,
    Optional<String> name,
    Optional<Map<String, String>> labels,
    Optional<String> zone)
    implements Command<Host> {

  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{0,63}");

  @Override
  public Decision<Host> decide(Draft draft) {
    return Refused.deciding(draft, this::update);
  }

  private Host update(Draft draft) {
    Host host = Checks.existing(draft, id, "");
    Checks.ifMatch(host, ifMatch);
    zone.ifPresent(UpdateHost::checkZone);
    Host updated =
        new Host(
            id,
            Checks.renamed(draft, host.meta(), name, labels),
            host.hostname(),
            host.tunnelIp(),
            host.bridgeMappings(),
            zone.orElse(host.zone()));
    draft.put(updated);
    return updated;
  }

  private static void checkZone(String zone) {
    if (!ZONE.matcher(zone).matches()) {
      throw new Refused(
          Problem.invalid(
              "zone",
              "'%s' is not a zone; use up to 63 letters, digits, '.', '_' and '-'"
                  .formatted(zone)));
    }
  }
}

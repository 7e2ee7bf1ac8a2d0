package io.heddle.core.compile;

import io.heddle.core.model.HostId;
import java.util.List;
import java.util.Set;

/// What one revision means for switches.
///
/// @param sets how flow sets changed; each change once, whoever subscribes
/// @param hosts the hosts whose subscriptions or meters changed
/// @param ran the units that had to run
public record CompileResult(
    long revision, List<SetDelta> sets, Set<HostId> hosts, Set<UnitId> ran) {

  public CompileResult {
    sets = List.copyOf(sets);
    hosts = Set.copyOf(hosts);
    ran = Set.copyOf(ran);
  }
}

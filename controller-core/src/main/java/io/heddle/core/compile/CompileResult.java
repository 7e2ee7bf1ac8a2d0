package io.heddle.core.compile;

import io.heddle.core.model.HostId;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// What one revision, or another scope, means for switches.
///
/// @param sets how flow sets changed; each change once, whoever subscribes; in the order in which a
///   host loads its sets
/// @param hosts the hosts in scope whose subscriptions or meters changed
/// @param ran the units that ran, or that were there and are no more
/// @param anew everything was compiled again under other cookies: what switches hold has to be
///   compared
public record CompileResult(
    long revision, List<SetDelta> sets, Set<HostId> hosts, Set<UnitId> ran, boolean anew) {

  public CompileResult {
    sets = List.copyOf(sets);
    hosts = Collections.unmodifiableSet(hosts);
    ran = Collections.unmodifiableSet(ran); // no copy: nobody else has it, and it may be large
  }
}

package io.heddle.core.cluster;

import io.heddle.core.model.HostId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a node says of itself, four times a second.
///
/// @param inContact it hears from a quorum of the log: without that it could be nobody's master
/// @param revision the last one that it has applied
/// @param reach how it reaches the hosts that it reaches at all
public record Heartbeat(
    String node, boolean inContact, long revision, SortedMap<HostId, Reach> reach) {

  public Heartbeat {
    reach = Collections.unmodifiableSortedMap(new TreeMap<>(reach));
  }

  Reach reach(HostId host) {
    return reach.getOrDefault(host, Reach.NOTHING);
  }
}

package io.heddle.core.cluster;

import io.heddle.core.model.HostId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a node says of itself, four times a second.
///
/// @param cluster the id of its cluster; null while it knows none
/// @param inContact it hears from a quorum of the log: without that it could be nobody's master
/// @param revision the last one that it has applied
/// @param reach how it reaches the hosts that it reaches at all
public record Heartbeat(
    String node,
    @Nullable UUID cluster,
    boolean inContact,
    long revision,
    SortedMap<HostId, Reach> reach) {

  public Heartbeat {
    reach = Collections.unmodifiableSortedMap(new TreeMap<>(reach));
  }

  /// Whether it is of another cluster, as far as anybody can tell.
  boolean isForeignTo(@Nullable UUID ours) {
    return cluster != null && ours != null && !cluster.equals(ours);
  }

  Reach reach(HostId host) {
    return reach.getOrDefault(host, Reach.NOTHING);
  }
}

package io.heddle.core.cluster;

import io.heddle.core.model.HostId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a node says of itself, four times a second.
///
/// @param cluster the id of its cluster; null while it knows none
/// @param sentAt nanoseconds of a clock that only the sender reads, when it comes back to it
/// @param inContact it knows what the cluster decided lately: without that it could be nobody's
///   master
/// @param revision the last one that it has applied
/// @param lead what it says because it leads; null where it does not
/// @param reach how it reaches the hosts that it reaches at all
public record Heartbeat(
    String node,
    @Nullable UUID cluster,
    long sentAt,
    boolean inContact,
    long revision,
    @Nullable Lead lead,
    SortedMap<HostId, Reach> reach) {

  /// What a leader adds. Who finds a `sentAt` of its own here knows that all of it was said later
  /// than that, whatever became of the message on the way.
  ///
  /// @param confirmedAgo nanoseconds since it certainly led
  /// @param heard the last `sentAt` of each node that it has heard
  public record Lead(long confirmedAgo, Map<String, Long> heard) {
    public Lead {
      heard = Map.copyOf(heard);
    }
  }

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

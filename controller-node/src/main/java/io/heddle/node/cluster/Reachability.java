package io.heddle.node.cluster;

import io.heddle.core.cluster.Reach;
import io.heddle.core.model.HostId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Which hosts this node reaches: their databases and switches that are connected to it, whoever is
/// their master. Any thread.
public final class Reachability {

  private final Set<HostId> databases = ConcurrentHashMap.newKeySet();
  private final Set<Long> switches = ConcurrentHashMap.newKeySet();
  private final Map<Long, HostId> hostsByDatapath = new ConcurrentHashMap<>();
  private final Map<HostId, Long> datapathsByHost = new ConcurrentHashMap<>();

  public void database(HostId host, boolean connected) {
    if (connected) {
      databases.add(host);
    } else {
      databases.remove(host);
    }
  }

  public void attached(long datapath, boolean connected) {
    if (connected) {
      switches.add(datapath);
    } else {
      switches.remove(datapath);
    }
  }

  /// A host says which datapath is its own.
  ///
  /// @return whether that is news
  public boolean identified(HostId host, long datapath) {
    Long before = datapathsByHost.put(host, datapath);
    if (before != null && before != datapath) {
      hostsByDatapath.remove(before, host);
    }
    return !host.equals(hostsByDatapath.put(datapath, host));
  }

  public Optional<HostId> hostOf(long datapath) {
    return Optional.ofNullable(hostsByDatapath.get(datapath));
  }

  public Optional<Long> datapathOf(HostId host) {
    return Optional.ofNullable(datapathsByHost.get(host));
  }

  /// How each host is reached that is reached at all.
  public SortedMap<HostId, Reach> reach() {
    SortedMap<HostId, Reach> reach = new TreeMap<>();
    databases.forEach(host -> reach.put(host, Reach.DATABASE));
    for (long datapath : switches) {
      hostOf(datapath)
          .ifPresent(host -> reach.merge(host, Reach.SWITCH, (database, own) -> Reach.BOTH));
    }
    return reach;
  }
}

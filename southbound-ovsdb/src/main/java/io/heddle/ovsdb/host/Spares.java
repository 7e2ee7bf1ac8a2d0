package io.heddle.ovsdb.host;

import io.heddle.core.model.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Further connections of hosts that are connected: an operator's manager row may reach this node
/// by another name than the cluster's row does. Any thread may call.
final class Spares {
  /// A host that reaches one node in more ways than these is misconfigured.
  private static final int PER_HOST = 2;

  private final ConcurrentMap<HostId, List<HostSession>> spares = new ConcurrentHashMap<>();

  /// @return false when the host has enough of them
  boolean add(HostId host, HostSession session) {
    List<HostSession> kept =
        spares.merge(
            host,
            List.of(session),
            (before, one) -> {
              if (before.size() >= PER_HOST) {
                return before;
              }
              List<HostSession> all = new ArrayList<>(before);
              all.addAll(one);
              return List.copyOf(all);
            });
    return kept.contains(session);
  }

  Optional<HostSession> take(HostId host) {
    Optional<HostSession> first = spares.getOrDefault(host, List.of()).stream().findFirst();
    return first.isEmpty() || remove(host, first.get()) ? first : take(host);
  }

  /// @return true when it was among them
  boolean remove(HostId host, HostSession session) {
    List<HostSession> found = new ArrayList<>(1);
    List<HostSession> _ =
        spares.computeIfPresent(
            host,
            (id, before) -> {
              List<HostSession> left = new ArrayList<>(before);
              if (left.remove(session)) {
                found.add(session);
              }
              return left.isEmpty() ? null : List.copyOf(left);
            });
    return !found.isEmpty();
  }
}

package io.heddle.core.compile;

import io.heddle.core.model.HostId;
import java.util.Collection;
import java.util.Set;

/// The hosts that flows are compiled for: those whose switches a node programs.
public sealed interface HostScope {

  HostScope EVERY_HOST = new EveryHost();
  HostScope NO_HOST = new Only(Set.of());

  static HostScope of(Collection<HostId> hosts) {
    return new Only(Set.copyOf(hosts));
  }

  boolean contains(HostId host);

  /// Whatever hosts there are, and those to come.
  record EveryHost() implements HostScope {
    @Override
    public boolean contains(HostId host) {
      return true;
    }
  }

  record Only(Set<HostId> hosts) implements HostScope {
    public Only {
      hosts = Set.copyOf(hosts);
    }

    @Override
    public boolean contains(HostId host) {
      return hosts.contains(host);
    }
  }
}

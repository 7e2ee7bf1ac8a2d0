package io.heddle.core.cluster;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;

/// What a node may say to a host's switch and write to its database.
public sealed interface Claim {

  /// It is the master under this epoch: it programs the switch and nobody else does.
  record Master(long epoch) implements Claim {}

  /// Another node is. The epoch is told to the switch all the same, so that it knows a master of an
  /// older view for what it is.
  record Standby(long epoch) implements Claim {}

  /// Nobody can tell here: nothing is claimed, and what was claimed stands.
  record Hold() implements Claim {}

  /// @param inContact the node has heard from a quorum lately: without that, the view that it knows
  ///   may be an old one
  static Claim of(String node, HostId host, ClusterView view, boolean inContact) {
    if (!inContact) {
      return new Hold();
    }
    return view.masterOf(host).filter(node::equals).isPresent()
        ? new Master(view.epoch())
        : new Standby(view.epoch());
  }
}

package io.heddle.core.store;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Leadership;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What every leader commits before it serves anybody: the view as it was, under an epoch that no
/// switch has seen yet. The first leader of an empty log founds the cluster with it, as its only
/// member.
///
/// @param clusterId the id and
/// @param cookieKey the key of the cluster, if it is founded here
record OpenLeadership(String node, long term, UUID clusterId, String cookieKey)
    implements Command<ClusterView> {

  private static final int FIRST_INCARNATION = 1;

  @Override
  public Decision<ClusterView> decide(Draft draft) {
    Optional<Cluster> founded = draft.find(Cluster.ID);
    Cluster cluster =
        founded.orElseGet(() ->
            new Cluster(clusterId, FIRST_INCARNATION, Cluster.CURRENT_FEATURE_LEVEL, cookieKey));
    if (founded.isEmpty()) {
      draft.put(cluster);
    }
    long first = (long) cluster.incarnation() << 32;
    ClusterView before = draft.find(ClusterView.ID).orElse(new ClusterView(first, List.of(node)));
    ClusterView view = before.at(Math.max(first, before.epoch()) + 1);
    draft.put(view);
    draft.put(new Leadership(term, node));
    return draft.accept(view);
  }
}

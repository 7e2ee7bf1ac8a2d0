package io.heddle.core.store;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Leadership;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/// What every leader commits before it serves anybody: a view with an epoch that no switch has seen
/// yet. The first leader of an empty log founds the cluster with it.
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
    Optional<ClusterView> before = draft.find(ClusterView.ID);
    TreeSet<String> members = new TreeSet<>(before.map(ClusterView::members).orElse(List.of()));
    members.add(node);
    long first = (long) cluster.incarnation() << 32;
    long epoch = Math.max(first, before.map(ClusterView::epoch).orElse(0L)) + 1;
    ClusterView view =
        before.orElse(new ClusterView(epoch, List.of())).with(List.copyOf(members)).at(epoch);
    draft.put(view);
    draft.put(new Leadership(term, node));
    return draft.accept(view);
  }
}

package io.heddle.core.cluster;

import io.heddle.core.model.ClusterView;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;

/// The leader found that the view has to change. Does nothing when it has changed meanwhile: then
/// what was found is out of date.
///
/// @param revised the members and exceptions that should be, under the epoch that stood when it was
///   found
record ReviseView(ClusterView revised) implements Command<ClusterView> {

  @Override
  public Decision<ClusterView> decide(Draft draft) {
    ClusterView standing = draft.require(ClusterView.ID);
    if (standing.epoch() != revised.epoch() || standing.equals(revised)) {
      return draft.accept(standing);
    }
    ClusterView next = revised.at(standing.epoch() + 1);
    draft.put(next);
    return draft.accept(next);
  }
}

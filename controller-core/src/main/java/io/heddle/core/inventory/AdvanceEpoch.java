package io.heddle.core.inventory;

import io.heddle.core.model.ClusterView;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;

/// A switch or a host has seen a later epoch than was shown to it. If that is one of ours, whoever
/// showed an earlier one only lags behind. If it is from elsewhere (an earlier life of this
/// cluster, say), the view goes on with one past it.
public record AdvanceEpoch(long seen) implements Command<ClusterView> {

  @Override
  public Decision<ClusterView> decide(Draft draft) {
    ClusterView view = draft.require(ClusterView.ID);
    if (view.epoch() >= seen) {
      return draft.accept(view);
    }
    ClusterView advanced = view.at(seen + 1);
    draft.put(advanced);
    return draft.accept(advanced);
  }
}

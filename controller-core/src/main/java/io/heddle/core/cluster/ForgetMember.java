package io.heddle.core.cluster;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.NodeName;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.List;
import java.util.Optional;

/// A node was taken out of the group: hosts are not told of it any more, and it is nobody's master.
public record ForgetMember(NodeName name) implements Command<NodeName> {

  @Override
  public Decision<NodeName> decide(Draft draft) {
    if (draft.find(name).isPresent()) {
      draft.delete(name);
    }
    Optional<ClusterView> view = draft.find(ClusterView.ID);
    if (view.isPresent() && view.get().members().contains(name.value())) {
      ClusterView standing = view.get();
      List<String> rest =
          standing.members().stream().filter(member -> !member.equals(name.value())).toList();
      draft.put(standing.with(rest).at(standing.epoch() + 1));
    }
    return draft.accept(name);
  }
}

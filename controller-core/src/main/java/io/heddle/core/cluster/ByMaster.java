package io.heddle.core.cluster;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Optional;

/// What a node says of a host because it is the host's master. Once there is another view, it is
/// out of date: another master may have said something newer, even if this node is the master
/// again.
///
/// @param epoch the view by which it is
record ByMaster<T>(String node, HostId host, long epoch, Command<T> command) implements Command<T> {

  private static final String MASTER = "master";

  @Override
  public Decision<T> decide(Draft draft) {
    Optional<ClusterView> view = draft.find(ClusterView.ID);
    return view.filter(standing -> standing.epoch() == epoch && isMaster(node, host, standing))
            .isPresent()
        ? command.decide(draft)
        : Decision.rejected(outdated());
  }

  static boolean isMaster(String node, HostId host, ClusterView view) {
    return view.masterOf(host).filter(node::equals).isPresent();
  }

  private Problem outdated() {
    String detail =
        "node %s is not the master of host %s by the newest view; only a host's master speaks for it"
            .formatted(node, host);
    return new Problem(Problem.Type.PRECONDITION_FAILED, detail, MASTER, List.of());
  }

  /// Whether a problem is that of a node that speaks too late, and not the command's own.
  static boolean isOutdated(Problem problem) {
    return problem.type() == Problem.Type.PRECONDITION_FAILED && problem.field().equals(MASTER);
  }
}

package io.heddle.node.cluster;

import io.heddle.core.cluster.HostBoard;
import io.heddle.core.cluster.Relay;
import io.heddle.core.cluster.ReportMember;
import io.heddle.core.inventory.ReleaseNumbers;
import io.heddle.core.model.Host;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.model.NumberHold;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Image;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.vpc.command.CreateProject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// What has to be seen to again and again, a little at a time: this node's own entry among the
/// members; and, where this node leads, the default project and numbers that may be used again.
///
/// Called on a timer; does not block, and does nothing while all is as it should be.
public final class Chores {

  /// Numbers come back once in so many turns.
  private static final int RELEASE_EVERY = 30;

  private final Store store;
  private final Relay relay;
  private final HostBoard board;
  private final NodeName self;
  private final Supplier<Member> found;
  private final ProjectId operators;
  private int turns;

  /// Whose chores they are.
  ///
  /// @param found where this node is found, once its doors are open
  /// @param operators the project that is there from the beginning
  public record Household(NodeName self, Supplier<Member> found, ProjectId operators) {}

  public Chores(Store store, Relay relay, HostBoard board, Household household) {
    this.store = store;
    this.relay = relay;
    this.board = board;
    this.self = household.self();
    this.found = household.found();
    this.operators = household.operators();
  }

  public void turn() {
    Image image = store.image();
    boolean leading = store.status().leading();
    turns++;
    Member member = found.get();
    if (!image.find(self).equals(Optional.of(member)) && relay.leader().isPresent()) {
      var _ = relay.submit(Submission.of(new ReportMember(member), author(), "report this node"));
    }
    if (leading) {
      var _ = foundDefaultProject();
    }
    if (leading && turns % RELEASE_EVERY == 0) {
      releaseNumbers(image);
    }
  }

  /// Sees to it that the project is there which is there from the beginning. For the node that
  /// leads.
  public CompletableFuture<?> foundDefaultProject() {
    if (store.image().find(operators).isPresent()) {
      return CompletableFuture.completedFuture(null);
    }
    return store.submit(
        Submission.of(
            new CreateProject(operators, operators.toString(), Map.of(), Project.Quotas.DEFAULT),
            author(),
            "create the default project"));
  }

  private String author() {
    return "node:" + self;
  }

  /// Numbers come back into use once every host of the cluster has realised their removal.
  private void releaseNumbers(Image image) {
    if (!image.anyBy(NumberHold.KIND, NumberHold.RETIRED, "retired")) {
      return;
    }
    long everywhere = image.revision();
    for (Host host : image.all(Host.KIND)) {
      long realized = board.of(host.id()).map(HostBoard.Standing::realized).orElse(0L);
      everywhere = Math.min(everywhere, realized);
    }
    if (everywhere > 0) {
      var _ =
          store.submit(Submission.of(new ReleaseNumbers(everywhere), author(), "release numbers"));
    }
  }
}

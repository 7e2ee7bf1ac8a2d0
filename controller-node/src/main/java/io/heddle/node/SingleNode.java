package io.heddle.node;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.store.Store;
import io.heddle.node.fabric.Fabric;
import io.heddle.rest.spi.Audits;
import io.heddle.rest.spi.Cluster;
import io.heddle.rest.spi.Leader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The cluster of a node that is alone: it leads or nobody does, and nobody can join a log that
/// listens on loopback.
final class SingleNode implements Leader, Cluster, Audits {

  private final NodeName name;
  private final Store store;
  private final Fabric fabric;
  private final InstantSource clock;

  SingleNode(NodeName name, Store store, Fabric fabric, InstantSource clock) {
    this.name = name;
    this.store = store;
    this.fabric = fabric;
    this.clock = clock;
  }

  @Override
  public boolean isHere() {
    return store.status().leading();
  }

  @Override
  public CompletionStage<Relayed> relay(String request, byte[] message, Duration within) {
    return CompletableFuture.completedFuture(
        new Relayed.NoLeader("this node does not lead yet, and there is no other"));
  }

  @Override
  public NodeName self() {
    return name;
  }

  @Override
  public Optional<NodeName> leader() {
    return isHere() ? Optional.of(name) : Optional.empty();
  }

  @Override
  public List<MemberState> members() {
    int mastered =
        (int) fabric.progress().values().stream().filter(Fabric.Progress::connected).count();
    return List.of(
        new MemberState(
            name,
            isHere() ? Role.LEADER : Role.FOLLOWER,
            true,
            Optional.of(clock.instant()),
            mastered));
  }

  @Override
  public CompletionStage<Change> add(Member member, Cause cause) {
    return refused(
        member.name().equals(name)
            ? new Obstacle.AlreadyAMember(name)
            : new Obstacle.NotNow("this node was started alone, and nobody can join it"));
  }

  @Override
  public CompletionStage<Change> remove(NodeName member, Cause cause) {
    return refused(
        member.equals(name) ? new Obstacle.LastMember(name) : new Obstacle.NotAMember(member));
  }

  @Override
  public CompletionStage<Change> transferLeader(Optional<NodeName> target, Cause cause) {
    return refused(
        target
            .filter(other -> !other.equals(name))
            .<Obstacle>map(Obstacle.NotAMember::new)
            .orElseGet(() -> new Obstacle.NotNow("there is no other member that could lead")));
  }

  private static CompletionStage<Change> refused(Obstacle why) {
    return CompletableFuture.completedFuture(new Change.Refused(why));
  }

  @Override
  public CompletionStage<Result> run(HostId host, boolean repair) {
    return CompletableFuture.completedFuture(
        new Result.Unavailable("switches are looked at by the clock here, not on demand"));
  }

  @Override
  public Optional<Report> last(HostId host) {
    return Optional.empty();
  }
}

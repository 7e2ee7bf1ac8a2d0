package io.heddle.cli;

import io.heddle.core.cluster.ForgetMember;
import io.heddle.core.cluster.ReportMember;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Submission;
import io.heddle.rest.spi.Audits;
import io.heddle.rest.spi.Cluster;
import io.heddle.rest.spi.Leader;
import io.heddle.rest.spi.PolicyWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// The cluster of a node that leads it for ever: members come and go in its store, and hosts are as
/// the test says.
final class LocalGroup implements Leader, Cluster, Audits, PolicyWatch {

  private static final NodeName SELF = new NodeName("n1");

  private final LocalNode node;
  final Map<HostId, Result> looks = new ConcurrentHashMap<>();
  final Map<SecurityGroupId, Hits> hits = new ConcurrentHashMap<>();
  final Map<SecurityGroupId, Tail> tails = new ConcurrentHashMap<>();

  LocalGroup(LocalNode node) {
    this.node = node;
  }

  @Override
  public CompletionStage<Hits> hits(SecurityGroupId group) {
    return CompletableFuture.completedFuture(hits.getOrDefault(group, Hits.NONE));
  }

  @Override
  public CompletionStage<Tail> log(SecurityGroupId group, int limit) {
    return CompletableFuture.completedFuture(
        Tail.sum(List.of(tails.getOrDefault(group, Tail.NONE)), limit));
  }

  @Override
  public boolean isHere() {
    return true;
  }

  @Override
  public CompletionStage<Relayed> relay(String request, byte[] message, Duration within) {
    throw new AssertionError("it leads itself");
  }

  @Override
  public NodeName self() {
    return SELF;
  }

  @Override
  public Optional<NodeName> leader() {
    return Optional.of(SELF);
  }

  @Override
  public List<MemberState> members() {
    List<MemberState> members = new ArrayList<>();
    members.add(new MemberState(SELF, Role.LEADER, true, Optional.of(Instant.EPOCH), 2));
    for (Member member : node.image().all(Member.KIND)) {
      members.add(new MemberState(member.name(), Role.FOLLOWER, true, Optional.empty(), 0));
    }
    return members;
  }

  @Override
  public CompletionStage<Change> add(Member member, Cause cause) {
    return node.image().find(member.name()).isPresent()
        ? refused(new Obstacle.AlreadyAMember(member.name()))
        : done(new ReportMember(member), cause);
  }

  @Override
  public CompletionStage<Change> remove(NodeName member, Cause cause) {
    if (member.equals(SELF)) {
      return refused(new Obstacle.LastMember(member));
    }
    return node.image().find(member).isEmpty()
        ? refused(new Obstacle.NotAMember(member))
        : done(new ForgetMember(member), cause);
  }

  @Override
  public CompletionStage<Change> transferLeader(Optional<NodeName> target, Cause cause) {
    return target.isEmpty() || node.image().find(target.get()).isEmpty()
        ? refused(new Obstacle.NotAMember(target.orElse(SELF)))
        : CompletableFuture.completedFuture(new Change.Done(node.image().revision()));
  }

  private static CompletionStage<Change> refused(Obstacle why) {
    return CompletableFuture.completedFuture(new Change.Refused(why));
  }

  private CompletionStage<Change> done(Command<?> command, Cause cause) {
    return node.submit(Submission.of(command, cause.author(), "change members"))
        .thenApply(outcome -> {
          if (outcome instanceof Outcome.Committed<?>(Object result, long revision)) {
            return new Change.Done(revision);
          }
          throw new AssertionError("not committed: " + outcome);
        });
  }

  @Override
  public CompletionStage<Result> run(HostId host, boolean repair) {
    return CompletableFuture.completedFuture(
        looks.getOrDefault(host, new Result.Unavailable("it is not connected")));
  }

  @Override
  public Optional<Report> last(HostId host) {
    return looks.get(host) instanceof Result.Done(Report report)
        ? Optional.of(report)
        : Optional.empty();
  }
}

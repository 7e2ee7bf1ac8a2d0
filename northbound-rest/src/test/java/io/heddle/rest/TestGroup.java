package io.heddle.rest;

import io.heddle.core.cluster.ForgetMember;
import io.heddle.core.cluster.ReportMember;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Command;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Submission;
import io.heddle.rest.spi.Audits;
import io.heddle.rest.spi.Cluster;
import io.heddle.rest.spi.Leader;
import io.heddle.rest.spi.PolicyWatch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/// The nodes of a test, and how they reach each other: calls go from server to server within the
/// process, and are lost where the test says so.
final class TestGroup {

  /// What becomes of a call between nodes.
  enum Fate {
    DELIVER,
    /// Carried out; its answer is lost, and the log tells.
    LOSE_ANSWER,
    /// Carried out; its answer is lost, and the log is not read on.
    LOSE_TRACE
  }

  private final Map<NodeName, TestNode> nodes = new ConcurrentSkipListMap<>();
  private final Deque<Fate> fates = new ArrayDeque<>();

  /// Nodes that run and wait to be taken in, by where their log is.
  final Set<String> waiting = ConcurrentHashMap.newKeySet();

  /// Members that nobody hears of.
  final Set<NodeName> gone = ConcurrentHashMap.newKeySet();

  /// Members that have not applied what the leader has.
  final Set<NodeName> behind = ConcurrentHashMap.newKeySet();

  /// Says to lead although it does not: what a node believes of a leader that was deposed.
  volatile NodeName believed;

  /// How leadership is handed over.
  volatile Consumer<TestNode> transfers = node -> {};

  final Map<HostId, Audits.Result> looks = new ConcurrentHashMap<>();
  final List<String> looked = new ArrayList<>();
  final Map<SecurityGroupId, PolicyWatch.Hits> hits = new ConcurrentHashMap<>();
  final Map<SecurityGroupId, PolicyWatch.Tail> tails = new ConcurrentHashMap<>();

  End join(NodeName name, TestNode node) {
    nodes.put(name, node);
    return new End(name, node);
  }

  synchronized void next(Fate fate) {
    fates.add(fate);
  }

  private synchronized Fate fate() {
    return fates.isEmpty() ? Fate.DELIVER : fates.remove();
  }

  private Optional<NodeName> leading() {
    return nodes.entrySet().stream()
        .filter(node -> node.getValue().leads())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// The group as one node sees it.
  final class End implements Leader, Cluster, Audits, PolicyWatch {
    private final NodeName self;
    private final TestNode node;

    private End(NodeName self, TestNode node) {
      this.self = self;
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
      return node.leads();
    }

    @Override
    public CompletionStage<Relayed> relay(String request, byte[] message, Duration within) {
      Optional<NodeName> to = Optional.ofNullable(believed).or(() -> leading());
      if (to.isEmpty()) {
        return CompletableFuture.completedFuture(new Relayed.NoLeader("nobody leads now"));
      }
      CompletionStage<byte[]> answer = nodes.get(to.get()).server().serveRelayed(message);
      return switch (fate()) {
        case DELIVER -> answer.thenApply(Relayed.Answered::new);
        case LOSE_ANSWER -> answer.thenApply(lost -> new Relayed.Committed(revisionOf(request)));
        case LOSE_TRACE ->
            answer.thenApply(lost -> {
              throw new IllegalStateException("cut off");
            });
      };
    }

    private long revisionOf(String request) {
      try {
        for (Batch batch : nodes.get(leading().orElseThrow()).history(1, Integer.MAX_VALUE)) {
          if (batch.entries().stream().anyMatch(entry -> entry.request().equals(request))) {
            return batch.revision();
          }
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      throw new AssertionError("the log has no request " + request);
    }

    @Override
    public NodeName self() {
      return self;
    }

    @Override
    public Optional<NodeName> leader() {
      return leading();
    }

    @Override
    public List<MemberState> members() {
      List<MemberState> states = new ArrayList<>();
      for (NodeName name : nodes.keySet()) {
        boolean leads = leading().filter(name::equals).isPresent();
        states.add(
            new MemberState(
                name,
                leads ? Role.LEADER : Role.FOLLOWER,
                !gone.contains(name),
                Optional.of(Instant.EPOCH),
                leads ? 2 : 0));
      }
      for (Member member : node.image().all(Member.KIND)) {
        if (!nodes.containsKey(member.name())) {
          states.add(
              new MemberState(
                  member.name(),
                  Role.FOLLOWER,
                  !gone.contains(member.name()),
                  Optional.empty(),
                  0));
        }
      }
      return states;
    }

    private boolean isMember(NodeName name) {
      return members().stream().anyMatch(state -> state.name().equals(name));
    }

    @Override
    public CompletionStage<Change> add(Member member, Cause cause) {
      if (isMember(member.name())) {
        return refused(new Obstacle.AlreadyAMember(member.name()));
      }
      if (!waiting.contains(member.raft())) {
        return refused(
            new Obstacle.Unreachable(member.name(), member.raft(), "connection refused"));
      }
      return done(new ReportMember(member), cause);
    }

    @Override
    public CompletionStage<Change> remove(NodeName member, Cause cause) {
      List<MemberState> left =
          members().stream().filter(state -> !state.name().equals(member)).toList();
      int connected = (int) left.stream().filter(MemberState::connected).count();
      int needed = left.size() / 2 + 1;
      if (!isMember(member)) {
        return refused(new Obstacle.NotAMember(member));
      }
      if (left.isEmpty()) {
        return refused(new Obstacle.LastMember(member));
      }
      return connected < needed
          ? refused(new Obstacle.TooFewLeft(member, connected, needed))
          : done(new ForgetMember(member), cause);
    }

    @Override
    public CompletionStage<Change> transferLeader(Optional<NodeName> target, Cause cause) {
      NodeName to =
          target.orElseGet(() ->
              nodes.keySet().stream().filter(name -> !name.equals(self)).findFirst().orElse(self));
      if (!isMember(to)) {
        return refused(new Obstacle.NotAMember(to));
      }
      if (behind.contains(to)) {
        return refused(new Obstacle.Behind(to, 3, node.image().revision()));
      }
      return nodes.get(to) == node
          ? refused(new Obstacle.NotNow("%s leads already".formatted(to)))
          : transfer(nodes.get(to));
    }

    private CompletionStage<Change> transfer(TestNode to) {
      transfers.accept(to);
      return CompletableFuture.completedFuture(new Change.Done(node.image().revision()));
    }

    private CompletionStage<Change> refused(Obstacle why) {
      return CompletableFuture.completedFuture(
          node.leads() ? new Change.Refused(why) : new Change.NotLeading("another node leads"));
    }

    private CompletionStage<Change> done(Command<?> command, Cause cause) {
      return node.submit(
              Submission.of(command, cause.author(), "change members").by(cause.request()))
          .thenApply(outcome ->
              switch (outcome) {
                case Outcome.Committed<?>(Object result, long revision) ->
                    new Change.Done(revision);
                case Outcome.NotLeading<?>(String why) -> new Change.NotLeading(why);
                default -> throw new AssertionError("not committed: " + outcome);
              });
    }

    @Override
    public CompletionStage<Result> run(HostId host, boolean repair) {
      synchronized (looked) {
        looked.add(host + (repair ? " repaired" : ""));
      }
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
}

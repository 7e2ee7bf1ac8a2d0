package io.heddle.node.cluster;

import io.heddle.core.cluster.ForgetMember;
import io.heddle.core.cluster.Heartbeat;
import io.heddle.core.cluster.Peers;
import io.heddle.core.cluster.Pulse;
import io.heddle.core.cluster.ReportMember;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Host;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.store.Image;
import io.heddle.core.store.Log;
import io.heddle.core.store.LogGroup;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Store;
import io.heddle.core.store.StrictJson;
import io.heddle.core.store.Submission;
import io.heddle.rest.spi.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The nodes of the cluster as the API sees them; lets nodes in and out.
///
/// A node that joins is asked first who it is: where it is found, and that it has no other
/// cluster's data. A node that leaves is nobody's master before it is out of the log's group.
public final class Members implements Cluster {

  private static final String INTRODUCE = "introduce";
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

  /// Behind the leader by more, a node had better not lead: it would serve nobody before it has
  /// caught up.
  private static final long CLOSE_ENOUGH = 10_000;

  private final Surroundings with;
  private final NodeName self;
  private final Map<String, Instant> lastHeard = new HashMap<>();

  /// What a node says of itself when it is asked.
  private record Introduction(Member member, @Nullable UUID cluster, int featureLevel) {}

  /// What they work with.
  ///
  /// @param found where this node is found, once its doors are open
  public record Surroundings(
      Supplier<Member> found,
      Store store,
      LogGroup group,
      Peers peers,
      Pulse pulse,
      InstantSource clock) {}

  public Members(NodeName self, Surroundings with) {
    this.with = with;
    this.self = self;
    with.peers()
        .answer(INTRODUCE, (from, request) -> StrictJson.MAPPER.writeValueAsBytes(introduce()));
  }

  private Introduction introduce() {
    return new Introduction(
        with.found().get(), clusterId(), io.heddle.core.model.Cluster.CURRENT_FEATURE_LEVEL);
  }

  private @Nullable UUID clusterId() {
    return image()
        .find(io.heddle.core.model.Cluster.ID)
        .map(io.heddle.core.model.Cluster::clusterId)
        .orElse(null);
  }

  private Image image() {
    return with.store().image();
  }

  @Override
  public NodeName self() {
    return self;
  }

  @Override
  public Optional<NodeName> leader() {
    return with.group().leader().map(NodeName::new);
  }

  @Override
  public List<MemberState> members() {
    Map<String, Heartbeat> living = with.pulse().living();
    Map<String, Integer> mastered = mastered();
    Set<String> names = new TreeSet<>(living.keySet());
    with.group().members().forEach(peer -> names.add(peer.name()));
    image().all(Member.KIND).forEach(member -> names.add(member.name().value()));
    return names.stream()
        .map(name -> state(name, living.containsKey(name), mastered.getOrDefault(name, 0)))
        .toList();
  }

  private Map<String, Integer> mastered() {
    Map<String, Integer> counts = new HashMap<>();
    Optional<ClusterView> view = image().find(ClusterView.ID);
    for (Host host : image().all(Host.KIND)) {
      view.flatMap(standing -> standing.masterOf(host.id()))
          .ifPresent(master -> counts.merge(master, 1, Integer::sum));
    }
    return counts;
  }

  private MemberState state(String name, boolean living, int mastered) {
    boolean isSelf = name.equals(self.value());
    Optional<Instant> heard;
    synchronized (lastHeard) {
      if (living || isSelf) {
        lastHeard.put(name, with.clock().instant());
      }
      heard = Optional.ofNullable(lastHeard.get(name));
    }
    Role role =
        with.group().leader().filter(name::equals).isPresent()
            ? Role.LEADER
            : isInGroup(name) ? Role.FOLLOWER : living ? Role.JOINING : Role.UNKNOWN;
    return new MemberState(new NodeName(name), role, living || isSelf, heard, mastered);
  }

  private boolean isInGroup(String name) {
    return with.group().members().stream().anyMatch(peer -> peer.name().equals(name));
  }

  @Override
  public CompletionStage<Change> add(Member asked, Cause cause) {
    NodeName name = asked.name();
    if (isInGroup(name.value())) {
      return refused(new Obstacle.AlreadyAMember(name));
    }
    return with.peers()
        .call(name.value(), INTRODUCE, new byte[0], ANSWER_WITHIN)
        .thenApply(Members::introduction)
        .handle((introduction, failed) ->
            introduction == null
                ? this.refused(
                    new Obstacle.Unreachable(name, asked.calls(), why(unwrapped(failed))))
                : admit(introduction, cause))
        .thenCompose(stage -> stage);
  }

  private static Introduction introduction(byte[] bytes) {
    try {
      return StrictJson.MAPPER.readValue(bytes, Introduction.class);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private String why(@Nullable Throwable failed) {
    if (!(failed instanceof Peers.AbsentException)) {
      return String.valueOf(failed);
    }
    String waiting =
        with.peers().present().stream()
            .filter(node -> !isInGroup(node))
            .sorted()
            .collect(Collectors.joining(", "));
    return "it has to be started with --join first; nodes that wait to be added: "
        + (waiting.isEmpty() ? "none" : waiting);
  }

  private CompletionStage<Change> admit(Introduction fresh, Cause cause) {
    UUID ours = clusterId();
    if (fresh.cluster() != null && !fresh.cluster().equals(ours)) {
      return refused(
          new Obstacle.NotNow(
              "node %s has the data of another cluster (%s; ours is %s); remove its data directory to let it join"
                  .formatted(fresh.member().name(), fresh.cluster(), ours)));
    }
    int needed = image().require(io.heddle.core.model.Cluster.ID).featureLevel();
    if (fresh.featureLevel() < needed) {
      return refused(
          new Obstacle.NotNow(
              "node %s is of a build that knows feature level %d; the cluster is at %d: upgrade it first"
                  .formatted(fresh.member().name(), fresh.featureLevel(), needed)));
    }
    String summary = "add node " + fresh.member().name();
    return with.group()
        .add(peer(fresh.member()))
        .thenCompose(done ->
            with.store()
                .submit(
                    Submission.of(new ReportMember(fresh.member()), cause.author(), summary)
                        .by(cause.request())))
        .thenApply(Members::change)
        .exceptionally(Members::explained);
  }

  private static LogGroup.Peer peer(Member member) {
    int colon = member.raft().lastIndexOf(':');
    return new LogGroup.Peer(
        member.name().value(),
        member.raft().substring(0, colon),
        Integer.parseInt(member.raft().substring(colon + 1)));
  }

  @Override
  public CompletionStage<Change> remove(NodeName name, Cause cause) {
    boolean inGroup = isInGroup(name.value());
    if (!inGroup && image().find(name).isEmpty()) {
      return refused(new Obstacle.NotAMember(name));
    }
    if (name.equals(self)) {
      return refused(
          with.group().members().size() == 1
              ? new Obstacle.LastMember(name)
              : new Obstacle.NotNow(
                  "%s leads the cluster; let another node lead first (heddle cluster transfer-leader)"
                      .formatted(name)));
    }
    Set<String> rest =
        with.group().members().stream()
            .map(LogGroup.Peer::name)
            .filter(node -> !node.equals(name.value()))
            .collect(Collectors.toSet());
    int connected = (int) rest.stream().filter(with.pulse().living()::containsKey).count();
    int quorum = rest.size() / 2 + 1;
    if (connected < quorum) {
      return refused(new Obstacle.TooFewLeft(name, connected, quorum));
    }
    return with.store()
        .submit(
            Submission.of(new ForgetMember(name), cause.author(), "remove node " + name)
                .by(cause.request()))
        .thenCompose(outcome ->
            inGroup && outcome instanceof Outcome.Committed<NodeName>
                ? with.group().remove(name.value()).thenApply(done -> change(outcome))
                : CompletableFuture.completedFuture(change(outcome)))
        .exceptionally(Members::explained);
  }

  @Override
  public CompletionStage<Change> transferLeader(Optional<NodeName> wanted, Cause cause) {
    Map<String, Heartbeat> living = with.pulse().living();
    Optional<String> target =
        wanted
            .map(NodeName::value)
            .or(() ->
                living.values().stream()
                    .filter(beat -> !beat.node().equals(self.value()) && isInGroup(beat.node()))
                    .max((a, b) -> Long.compare(a.revision(), b.revision()))
                    .map(Heartbeat::node));
    if (target.isEmpty()) {
      return refused(new Obstacle.NotNow("there is no other member that could lead"));
    }
    NodeName to = new NodeName(target.get());
    if (!isInGroup(to.value())) {
      return refused(new Obstacle.NotAMember(to));
    }
    long ours = image().revision();
    if (to.equals(self)) {
      return CompletableFuture.completedFuture(new Change.Done(ours));
    }
    Heartbeat beat = living.get(to.value());
    if (beat == null) {
      return refused(new Obstacle.Unreachable(to, "", "it has not been heard of lately"));
    }
    if (ours - beat.revision() > CLOSE_ENOUGH) {
      return refused(new Obstacle.Behind(to, beat.revision(), ours));
    }
    return with.group()
        .transferLeadership(to.value())
        .<Change>thenApply(done -> new Change.Done(ours))
        .exceptionally(Members::explained);
  }

  private CompletionStage<Change> refused(Obstacle why) {
    return CompletableFuture.completedFuture(new Change.Refused(why));
  }

  private static Change change(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Committed<?> committed -> new Change.Done(committed.revision());
      case Outcome.NotLeading<?> elsewhere -> new Change.NotLeading(elsewhere.why());
      case Outcome.Unavailable<?> busy -> new Change.Refused(new Obstacle.NotNow(busy.why()));
      case Outcome.Rejected<?> rejected ->
          new Change.Refused(new Obstacle.NotNow(rejected.problem().detail()));
      case Outcome.Replayed<?> replayed -> new Change.Done(replayed.revision());
    };
  }

  private static Change explained(Throwable failed) {
    Throwable cause = unwrapped(failed);
    return switch (cause) {
      case Log.NotLeader elsewhere -> new Change.NotLeading(String.valueOf(elsewhere.getMessage()));
      case LogGroup.Refused refused ->
          new Change.Refused(new Obstacle.NotNow(String.valueOf(refused.getMessage())));
      case null, default -> throw new CompletionException(cause);
    };
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable failed) {
    return failed instanceof CompletionException && failed.getCause() != null
        ? failed.getCause()
        : failed;
  }
}

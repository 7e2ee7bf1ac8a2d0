package io.heddle.core.cluster;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Leadership;
import io.heddle.core.store.Command;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Problem;
import io.heddle.core.store.Store;
import io.heddle.core.store.StrictJson;
import io.heddle.core.store.Submission;
import io.heddle.core.store.UnreadableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes what this node itself has to say (who its hosts are, what is plugged into them) to the
/// leader, wherever that is.
///
/// Such commands may be sent again: an answer that is lost costs a repetition, and nothing else.
/// One that is late does no harm either: it counts only in the term of the leader that it was sent
/// to, and what is said of a host only as long as the sender is its master.
public final class Relay {

  private static final String CALL = "submit";

  /// A leader that does not answer for so long is about to be replaced.
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Store store;
  private final Peers peers;
  private final Supplier<Optional<String>> leader;
  private final Map<Class<?>, CommandType<?>> byClass = new HashMap<>();
  private final Map<String, CommandType<?>> byName = new HashMap<>();

  /// @param leader the node that leads as far as this one knows
  public Relay(
      Store store,
      Peers peers,
      Supplier<Optional<String>> leader,
      Collection<CommandType<?>> types) {
    this.store = store;
    this.peers = peers;
    this.leader = leader;
    for (CommandType<?> type : types) {
      byClass.put(type.command(), type);
      byName.put(type.name(), type);
    }
    peers.answerLater(CALL, this::answer);
  }

  /// A submission on its way.
  ///
  /// @param term the one in which it may be decided
  /// @param mandate what makes the sender speak for a host; null where it speaks for none
  private record Errand(
      long term,
      String command,
      JsonNode body,
      String author,
      String summary,
      @Nullable Mandate mandate) {}

  /// @param epoch the view by which a node is the host's master
  private record Mandate(HostId host, long epoch) {}

  /// How it ended there; what does not apply is null.
  private record Ending(
      @Nullable Long committed,
      @Nullable JsonNode result,
      @Nullable Problem rejected,
      @Nullable String unavailable,
      @Nullable String notLeading) {}

  /// The node that leads, as far as this one knows.
  public Optional<String> leader() {
    return leader.get();
  }

  /// Has it decided by the leader. Fails where nobody knows what became of it.
  public <T> CompletableFuture<Outcome<T>> submit(Submission<T> submission) {
    return submit(submission, null);
  }

  /// The same, for what a host's master says of the host. It counts only under the view by which
  /// this node knows itself to be the master; with the next one it has to be said again.
  public <T> CompletableFuture<Outcome<T>> submitAsMaster(HostId host, Submission<T> submission) {
    Optional<ClusterView> view = store.image().find(ClusterView.ID);
    return view.filter(standing -> ByMaster.isMaster(peers.self(), host, standing)).isEmpty()
        ? CompletableFuture.completedFuture(
            new Outcome.NotLeading<>("this node is not the master of host " + host))
        : submit(submission, new Mandate(host, view.get().epoch()));
  }

  private <T> CompletableFuture<Outcome<T>> submit(
      Submission<T> submission, @Nullable Mandate mandate) {
    Optional<Leadership> leadership = store.image().find(Leadership.ID);
    if (leader.get().isEmpty() || leadership.isEmpty()) {
      return CompletableFuture.completedFuture(
          new Outcome.Unavailable<>("no node leads the cluster now", RETRY_AFTER));
    }
    String to = leadership.get().node();
    long term = leadership.get().term();
    if (to.equals(peers.self())) {
      return decide(submission, term, mandate, to);
    }
    CommandType<T> type = typeOf(submission.command());
    Errand errand =
        new Errand(
            term,
            type.name(),
            StrictJson.MAPPER.valueToTree(submission.command()),
            submission.author(),
            submission.summary(),
            mandate);
    return peers
        .call(to, CALL, ClusterJson.write(errand), WITHIN)
        .thenApply(bytes -> outcome(type, ClusterJson.read(bytes, Ending.class)));
  }

  private <T> CompletableFuture<Outcome<T>> decide(
      Submission<T> submission, long term, @Nullable Mandate mandate, String node) {
    if (mandate == null) {
      return store.submit(submission, term);
    }
    Command<T> command =
        new ByMaster<>(node, mandate.host(), mandate.epoch(), submission.command());
    return store
        .submit(
            new Submission<>(
                command,
                submission.author(),
                submission.summary(),
                submission.repeatable(),
                submission.request(),
                submission.queue()),
            term)
        .thenApply(Relay::undecidedIfOutdated);
  }

  /// Who speaks too late is told so, and nothing of what was said is judged.
  private static <T> Outcome<T> undecidedIfOutdated(Outcome<T> outcome) {
    return outcome instanceof Outcome.Rejected<T>(Problem problem) && ByMaster.isOutdated(problem)
        ? new Outcome.NotLeading<>(problem.detail())
        : outcome;
  }

  @SuppressWarnings("unchecked") // types are filed under the class of their commands
  private <T> CommandType<T> typeOf(Command<T> command) {
    CommandType<?> type = byClass.get(command.getClass());
    if (type == null) {
      throw new IllegalArgumentException("nodes do not hand over " + command.getClass());
    }
    return (CommandType<T>) type;
  }

  private static <T> Outcome<T> outcome(CommandType<T> type, Ending ending) {
    if (ending.rejected() != null) {
      return new Outcome.Rejected<>(ending.rejected());
    }
    if (ending.notLeading() != null) {
      return new Outcome.NotLeading<>(ending.notLeading());
    }
    if (ending.unavailable() != null) {
      return new Outcome.Unavailable<>(ending.unavailable(), RETRY_AFTER);
    }
    if (ending.committed() == null || ending.result() == null) {
      throw new UnreadableException("an ending that says nothing: " + ending);
    }
    try {
      T result = StrictJson.MAPPER.readerFor(type.result()).readValue(ending.result());
      return new Outcome.Committed<>(result, ending.committed());
    } catch (IOException e) {
      throw new UnreadableException("a result can't be read: " + e.getMessage(), e);
    }
  }

  private CompletionStage<byte[]> answer(String from, byte[] request) {
    Errand errand = ClusterJson.read(request, Errand.class);
    CommandType<?> type = byName.get(errand.command());
    if (type == null) {
      throw new UnreadableException("no command is called '%s'".formatted(errand.command()));
    }
    return carryOut(type, errand, from).thenApply(ClusterJson::write);
  }

  private <T> CompletionStage<Ending> carryOut(CommandType<T> type, Errand errand, String from) {
    Command<T> command;
    try {
      command = StrictJson.MAPPER.treeToValue(errand.body(), type.command());
    } catch (JacksonException e) {
      throw new UnreadableException("a %s can't be read: %s".formatted(type.name(), e), e);
    }
    Submission<T> submission = Submission.of(command, errand.author(), errand.summary());
    return decide(submission, errand.term(), errand.mandate(), from).thenApply(Relay::ending);
  }

  private static <T> Ending ending(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Committed<T>(T result, long revision) ->
          new Ending(revision, StrictJson.MAPPER.valueToTree(result), null, null, null);
      case Outcome.Rejected<T>(Problem problem) -> new Ending(null, null, problem, null, null);
      case Outcome.Unavailable<T>(String why, Duration after) ->
          new Ending(null, null, null, why, null);
      case Outcome.NotLeading<T>(String why) -> new Ending(null, null, null, null, why);
      case Outcome.Replayed<T> impossible ->
          throw new IllegalStateException("never repeatable: " + impossible);
    };
  }
}

package io.heddle.core.cluster;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
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
    peers.answerLater(CALL, (from, request) -> answer(request));
  }

  /// A submission on its way.
  private record Errand(String command, JsonNode body, String author, String summary) {}

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
    Optional<String> to = leader.get();
    if (to.isEmpty()) {
      return CompletableFuture.completedFuture(
          new Outcome.Unavailable<>("no node leads the cluster now", RETRY_AFTER));
    }
    if (to.get().equals(peers.self())) {
      return store.submit(submission);
    }
    CommandType<T> type = typeOf(submission.command());
    Errand errand =
        new Errand(
            type.name(),
            StrictJson.MAPPER.valueToTree(submission.command()),
            submission.author(),
            submission.summary());
    return peers
        .call(to.get(), CALL, ClusterJson.write(errand), WITHIN)
        .thenApply(bytes -> outcome(type, ClusterJson.read(bytes, Ending.class)));
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

  private CompletionStage<byte[]> answer(byte[] request) {
    Errand errand = ClusterJson.read(request, Errand.class);
    CommandType<?> type = byName.get(errand.command());
    if (type == null) {
      throw new UnreadableException("no command is called '%s'".formatted(errand.command()));
    }
    return carryOut(type, errand).thenApply(ClusterJson::write);
  }

  private <T> CompletionStage<Ending> carryOut(CommandType<T> type, Errand errand) {
    Command<T> command;
    try {
      command = StrictJson.MAPPER.treeToValue(errand.body(), type.command());
    } catch (JacksonException e) {
      throw new UnreadableException("a %s can't be read: %s".formatted(type.name(), e), e);
    }
    return store
        .submit(Submission.of(command, errand.author(), errand.summary()))
        .thenApply(Relay::ending);
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

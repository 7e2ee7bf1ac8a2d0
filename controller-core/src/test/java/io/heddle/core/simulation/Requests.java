package io.heddle.core.simulation;

import io.heddle.core.cluster.Peers;
import io.heddle.core.model.Leadership;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Problem;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Clients' requests at one node: decided here where it leads, handed to the leader where not. A
/// request counts in one term only. Where no answer comes, the log is read on until a later term
/// has begun in it: then the request is there, or dead and sent again.
final class Requests {

  private static final String CALL = "request";
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  private final World world;
  private final NodeProcess process;
  private final Store store;
  private final Peers peers;

  Requests(World world, NodeProcess process, Store store, Peers peers) {
    this.world = world;
    this.process = process;
    this.store = store;
    this.peers = peers;
    peers.answerLater(CALL, (from, bytes) -> serve(new String(bytes, StandardCharsets.UTF_8)));
  }

  /// What the leader says.
  private record Reply(@Nullable Ending ending) {}

  /// @param until when the client's patience ends
  private record Errand(
      String id, Operation operation, long until, CompletableFuture<Ending> ended) {}

  private record Attempt(Leadership leadership, long readUpTo) {}

  CompletableFuture<Ending> ask(String id, Operation operation, Duration within) {
    Errand errand =
        new Errand(
            id, operation, world.timeline().now() + within.toNanos(), new CompletableFuture<>());
    attempt(errand);
    return errand.ended();
  }

  /// Decided here and now, by whoever this node is.
  CompletableFuture<Ending> askHere(String id, Operation operation) {
    return store.submit(submission(id, operation)).handle(Requests::ending);
  }

  private static Submission<String> submission(String id, Operation operation) {
    return Submission.of(operation, "client", operation.toString()).by(id);
  }

  private void attempt(Errand errand) {
    if (world.timeline().now() >= errand.until()) {
      errand.ended().complete(new Ending.Nothing("no node leads"));
      return;
    }
    Image image = store.image();
    Optional<Leadership> leadership = image.find(Leadership.ID);
    if (leadership.isEmpty()) {
      again(errand);
      return;
    }
    Attempt attempt = new Attempt(leadership.get(), image.revision());
    send(errand, attempt.leadership())
        .whenComplete((reply, failed) ->
            process.after(
                0,
                () -> {
                  if (failed == null && reply.ending() != null) {
                    errand.ended().complete(reply.ending());
                  } else if (failed == null || unwrapped(failed) instanceof Peers.AbsentException) {
                    again(errand);
                  } else {
                    readOn(errand, attempt);
                  }
                }));
  }

  private CompletableFuture<Reply> send(Errand errand, Leadership leadership) {
    world.registry().put(errand.id(), errand.operation());
    String message = errand.id() + " " + leadership.term();
    boolean own = leadership.node().equals(peers.self());
    CompletableFuture<byte[]> answer =
        own
            ? serve(message)
            : peers.call(
                leadership.node(), CALL, message.getBytes(StandardCharsets.UTF_8), ANSWER_WITHIN);
    return answer.thenApply(bytes -> {
      Object reply = world.registry().get(new String(bytes, StandardCharsets.UTF_8));
      return new Reply(reply instanceof Ending ending ? ending : null);
    });
  }

  private void again(Errand errand) {
    process.after(PAUSE.toNanos(), () -> attempt(errand));
  }

  /// The leader's side.
  ///
  /// @return the number of the answer among all there are
  private CompletableFuture<byte[]> serve(String message) {
    String[] words = message.split(" ", -1);
    long term = Long.parseLong(words[1]);
    Operation operation = (Operation) world.registry().get(words[0]);
    Store.Status status = store.status();
    boolean anyTerm = world.has(Mutation.RELAYS_WITHOUT_A_TERM);
    if (!status.leading() || status.term() != term && !anyTerm) {
      return CompletableFuture.completedFuture(reply("not leading"));
    }
    Submission<String> submission = submission(words[0], operation);
    return (anyTerm ? store.submit(submission) : store.submit(submission, term))
        .thenApply(outcome -> reply(served(outcome)));
  }

  private static Object served(Outcome<String> outcome) {
    return outcome instanceof Outcome.NotLeading<String> ? "not leading" : ending(outcome, null);
  }

  private byte[] reply(Object reply) {
    return world.registry().add(reply).getBytes(StandardCharsets.UTF_8);
  }

  /// Ends when the log says what became of the attempt.
  private void readOn(Errand errand, Attempt attempt) {
    Image now = store.image();
    OptionalLong found = find(errand, attempt.readUpTo(), now.revision());
    if (found.isEmpty()) {
      errand.ended().complete(new Ending.Unknown("the history has a hole"));
    } else if (found.getAsLong() > 0) {
      errand.ended().complete(new Ending.DoneUnanswered(found.getAsLong()));
    } else if (now.require(Leadership.ID).term() > attempt.leadership().term()) {
      attempt(errand);
    } else if (world.timeline().now() >= errand.until()) {
      errand.ended().complete(new Ending.Unknown("no other leader in time"));
    } else {
      Attempt rest = new Attempt(attempt.leadership(), now.revision());
      process.after(PAUSE.toNanos(), () -> readOn(errand, rest));
    }
  }

  /// @return the revision that has the request, 0 if none has, or nothing if that can't be told
  private OptionalLong find(Errand errand, long after, long upTo) {
    try {
      long due = after + 1;
      for (Batch batch : store.history(due, Math.toIntExact(upTo - after))) {
        if (batch.revision() != due++) {
          return OptionalLong.empty();
        }
        if (batch.entries().stream().anyMatch(entry -> entry.request().equals(errand.id()))) {
          return OptionalLong.of(batch.revision());
        }
      }
      return due == upTo + 1 ? OptionalLong.of(0) : OptionalLong.empty();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  static Ending ending(@Nullable Outcome<String> outcome, @Nullable Throwable failed) {
    return switch (outcome) {
      case null -> new Ending.Unknown(String.valueOf(failed));
      case Outcome.Committed<String>(String result, long revision) ->
          new Ending.Done(result, revision);
      case Outcome.Rejected<String>(Problem problem) -> new Ending.Refused(problem.detail());
      case Outcome.Unavailable<String> busy -> new Ending.Nothing(busy.why());
      case Outcome.NotLeading<String> elsewhere -> new Ending.Nothing(elsewhere.why());
      case Outcome.Replayed<String> impossible -> throw new IllegalStateException();
    };
  }

  private static Throwable unwrapped(Throwable failed) {
    return failed instanceof CompletionException && failed.getCause() != null
        ? failed.getCause()
        : failed;
  }
}

package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Image;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Problem;
import io.heddle.core.store.Submission;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.spi.Controller;
import io.heddle.rest.spi.Controller.Realization;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Submits commands and turns their outcomes into answers.
public final class Writes {

  /// Longer than an election; after it nobody should wait for a decision any more.
  private static final Duration DECIDED_WITHIN = Duration.ofSeconds(30);

  /// What awaiting a realisation may take beyond the time asked for.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int DEFAULT_WAIT_SECONDS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Writes.class);

  private final Controller controller;
  private final InstantSource clock;

  public Writes(Controller controller, InstantSource clock) {
    this.controller = controller;
    this.clock = clock;
  }

  /// What a dry run decided, and the image that it would have made.
  record Dry<T>(T result, Image image) {}

  /// Decides here, on what this node has applied, and commits nothing.
  <T> Dry<T> decide(Command<T> command) {
    Image image = controller.image();
    Draft draft = new Draft(image, image.revision() + 1, clock.instant());
    return switch (command.decide(draft)) {
      case Decision.Accepted<T>(T result, var facts) -> new Dry<>(result, draft.image());
      case Decision.Rejected<T>(Problem problem) -> throw new Refusal(HttpProblem.of(problem));
    };
  }

  /// @param <T> what the command answers
  interface Show<T> {
    /// The answer for something committed, without revision or waiting.
    Reply committed(T result, Image image);

    /// The answer from what was kept of the first one.
    default Reply replayed(String kept) {
      throw new IllegalStateException("never repeatable");
    }
  }

  /// How long the whole of a request may take, from its decision to its answer.
  public static Duration within(Request request) {
    return request.parameter("wait").isEmpty()
        ? DECIDED_WITHIN
        : DECIDED_WITHIN.plus(timeout(request)).plus(GRACE);
  }

  private static Duration timeout(Request request) {
    return Duration.ofSeconds(request.number("timeoutSeconds", DEFAULT_WAIT_SECONDS));
  }

  /// Commits, waits until it is realised where that is asked for, and answers.
  ///
  /// @throws NotLeading when this node does not decide
  <T> Reply commit(Request request, Submission<T> submission, Show<T> show)
      throws InterruptedException {
    return switch (decided(request, controller.submit(submission.by(request.id().inLog())))) {
      case Outcome.Committed<T>(T result, long revision) ->
          realized(request, revision, () -> show.committed(result, controller.image()));
      case Outcome.Replayed<T>(String kept, long revision) ->
          realized(request, revision, () -> show.replayed(kept));
      case Outcome.Rejected<T>(Problem problem) -> Reply.problem(HttpProblem.of(problem));
      case Outcome.Unavailable<T>(String why, Duration retryAfter) ->
          Reply.problem(HttpProblem.unavailable(why + "; try again", retryAfter));
      case Outcome.NotLeading<T>(String why) -> throw new NotLeading(why);
    };
  }

  /// Answers for what was committed elsewhere, with the waiting that the request asks for.
  Reply recall(Request request, long revision, Answer answer) throws InterruptedException {
    return realized(request, revision, answer);
  }

  private static <T> T decided(Request request, CompletionStage<T> stage)
      throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(DECIDED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      LOG.warn(
          "event=outcome-unknown request={} cause=\"{}\"",
          request.id().inLog(),
          String.valueOf(e.getCause()));
      throw new Refusal(unknownOutcome());
    } catch (TimeoutException e) {
      throw new Refusal(unknownOutcome());
    }
  }

  public static HttpProblem unknownOutcome() {
    return HttpProblem.of(
        504,
        "outcome-unknown",
        "Outcome unknown",
        "nobody can say yet whether this was committed; read before repeating it, "
            + "or repeat it with the same Idempotency-Key");
  }

  /// Makes the answer when what it speaks of is where it should be.
  interface Answer {
    Reply make();
  }

  private Reply realized(Request request, long revision, Answer answer)
      throws InterruptedException {
    if (request.parameter("wait").isEmpty()) {
      return answer.make().at(revision);
    }
    Duration timeout = timeout(request);
    Realization realization = await(revision, timeout);
    Reply reply = answer.make().at(revision);
    if (realization.pending().isEmpty()) {
      return realization.disconnected().isEmpty()
          ? reply
          : reply.with(
              "Heddle-Disconnected", String.join(", ", sorted(realization.disconnected())));
    }
    return late(revision, timeout, realization, reply);
  }

  private Realization await(long revision, Duration timeout) throws InterruptedException {
    try {
      return controller
          .awaitRealized(revision, timeout)
          .toCompletableFuture()
          .get(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("waiting for revision " + revision + " ended badly", e);
    }
  }

  private static Reply late(
      long revision, Duration timeout, Realization realization, Reply intended) {
    List<String> pending = sorted(realization.pending());
    HttpProblem problem =
        HttpProblem.of(
            504,
            "not-realized",
            "Not realised yet",
            "revision %d is committed, but after %d s %s not have it yet; it will arrive without another request"
                .formatted(
                    revision,
                    timeout.toSeconds(),
                    String.join(", ", pending) + (pending.size() == 1 ? " does" : " do")));
    ObjectNode json = problem.json().put("revision", revision);
    ArrayNode late = json.putArray("pending");
    pending.forEach(late::add);
    ArrayNode gone = json.putArray("disconnected");
    sorted(realization.disconnected()).forEach(gone::add);
    Reply reply = Reply.problem(problem, json).at(revision);
    String location = intended.headers().get("Location");
    return location == null ? reply : reply.with("Location", location);
  }

  private static List<String> sorted(Collection<HostId> hosts) {
    Function<HostId, String> text = HostId::value;
    return hosts.stream().map(text).sorted().toList();
  }
}

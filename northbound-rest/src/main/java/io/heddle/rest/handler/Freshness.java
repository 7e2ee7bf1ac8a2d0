package io.heddle.rest.handler;

import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.spi.Controller;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads, which every node serves from what it has applied: not before it has what the reader asks
/// for, and marked as old where this node has lost the others.
public final class Freshness {

  /// On answers of a node that may have missed something: the seconds for which it has had no
  /// contact to a majority.
  public static final String STALE = "Heddle-Stale";

  private static final int DEFAULT_WAIT_SECONDS = 5;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Controller controller;

  public Freshness(Controller controller) {
    this.controller = controller;
  }

  /// Serves a request from this node's own image.
  public Reply serve(Handler handler, Request request) throws IOException, InterruptedException {
    return marked(answer(handler, request));
  }

  private Reply answer(Handler handler, Request request) throws IOException, InterruptedException {
    try {
      Optional<String> wanted = request.parameter("revision");
      if (wanted.isPresent()) {
        Duration within =
            Duration.ofSeconds(request.number("timeoutSeconds", DEFAULT_WAIT_SECONDS));
        require(Long.parseLong(wanted.get()), within);
      }
      return handler.handle(request);
    } catch (Refusal refusal) {
      return Reply.problem(refusal.problem());
    }
  }

  private Reply marked(Reply reply) {
    return controller
        .silence()
        .map(silence -> reply.with(STALE, Long.toString(silence.toSeconds())))
        .orElse(reply);
  }

  /// Waits until this node has applied the revision.
  ///
  /// @throws Refusal when it does not in time
  void require(long revision, Duration within) throws InterruptedException {
    CompletableFuture<?> reached = controller.awaitRevision(revision);
    try {
      reached.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Refusal(behind(revision, within));
    } finally {
      reached.cancel(false);
    }
  }

  private HttpProblem behind(long revision, Duration within) {
    String how =
        "revision %d has not come to this node within %d s, it is at %d"
            .formatted(revision, within.toSeconds(), controller.image().revision());
    return controller
        .silence()
        .map(silence ->
            HttpProblem.unavailable(
                "%s, and it has had no contact to a majority of the cluster for %d s; ask another node"
                    .formatted(how, silence.toSeconds()),
                RETRY_AFTER))
        .orElseGet(() ->
            HttpProblem.of(
                504,
                "behind",
                "Not here yet",
                how + "; ask again or ask another node, if there is such a revision"));
  }
}

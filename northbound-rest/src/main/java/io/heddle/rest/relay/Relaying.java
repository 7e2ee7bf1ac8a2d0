package io.heddle.rest.relay;

import io.heddle.core.store.Batch;
import io.heddle.core.store.UnreadableException;
import io.heddle.rest.contract.Operation;
import io.heddle.rest.handler.Handler;
import io.heddle.rest.handler.NotLeading;
import io.heddle.rest.handler.Recalled;
import io.heddle.rest.handler.Request;
import io.heddle.rest.handler.Writes;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.spi.Controller;
import io.heddle.rest.spi.Leader;
import io.heddle.rest.spi.Leader.Relayed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has a request decided: here where this node leads, by the leader where it does not.
public final class Relaying {

  /// A leader is looked for again after so long.
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /// Five seconds of looking: an election and another one.
  private static final int LOOKS = 50;

  /// How long this node may take to apply what the leader has committed. Longer, and something is
  /// wrong here: the answer goes out all the same, for what it says is true.
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(5);

  /// What a call may take beyond the time that the leader has.
  private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Relaying.class);

  private final Controller controller;
  private final Leader leader;

  public Relaying(Controller controller, Leader leader) {
    this.controller = controller;
    this.leader = leader;
  }

  /// A request that somebody who leads has to carry out.
  ///
  /// @param mediaType of the body; empty where there is none
  public record Errand(
      Operation operation, Handler.Deciding handler, String mediaType, Request request) {}

  /// One attempt: an answer, or why nobody decided. Exactly one of the two is there.
  private sealed interface Attempt {
    record Answered(Reply reply) implements Attempt {}

    record Undecided(String why) implements Attempt {}
  }

  public Reply answer(Errand errand) throws IOException, InterruptedException {
    String why = "";
    long deadline = System.nanoTime() + Writes.within(errand.request()).toNanos();
    for (int look = 0; look < LOOKS && System.nanoTime() < deadline; look++) {
      requireContact();
      Attempt attempt = leader.isHere() ? here(errand) : there(errand);
      if (attempt instanceof Attempt.Answered(Reply reply)) {
        return reply;
      }
      why = ((Attempt.Undecided) attempt).why();
      Thread.sleep(LOOK_AGAIN);
    }
    throw new Refusal(HttpProblem.unavailable(why + "; try again", RETRY_AFTER));
  }

  private void requireContact() {
    controller
        .silence()
        .ifPresent(silence -> {
          throw new Refusal(
              HttpProblem.unavailable(
                  ("this node has had no contact to a majority of the cluster for %d s, and nothing can"
                          + " be changed without one; ask another node, or try again")
                      .formatted(silence.toSeconds()),
                  RETRY_AFTER));
        });
  }

  private static Attempt here(Errand errand) throws IOException, InterruptedException {
    try {
      return new Attempt.Answered(errand.handler().handle(errand.request()));
    } catch (NotLeading notLeading) {
      return new Attempt.Undecided(notLeading.why());
    }
  }

  private Attempt there(Errand errand) throws IOException, InterruptedException {
    Request request = errand.request();
    RelayedRequest message =
        new RelayedRequest(errand.operation().id(), errand.mediaType(), request);
    Duration within = Writes.within(request).plus(ON_THE_WAY);
    return switch (relay(request, message.bytes(), within)) {
      case Relayed.NoLeader(String why) -> new Attempt.Undecided(why);
      case Relayed.Committed(long revision) ->
          new Attempt.Answered(errand.handler().recall(request, recalled(request, revision)));
      case Relayed.Answered(byte[] bytes) ->
          switch (read(request, bytes)) {
            case RelayedReply.NotLeading(String why) -> new Attempt.Undecided(why);
            case RelayedReply.Answered(Reply reply) -> {
              awaitRevisionOf(reply);
              yield new Attempt.Answered(reply);
            }
          };
    };
  }

  private Relayed relay(Request request, byte[] message, Duration within)
      throws InterruptedException {
    try {
      return leader
          .relay(request.id().inLog(), message, within)
          .toCompletableFuture()
          .get(within.plus(ON_THE_WAY).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw unknown(request, e);
    }
  }

  /// An answer that can't be read says nothing about what was done.
  private static RelayedReply read(Request request, byte[] bytes) {
    try {
      return RelayedReply.read(bytes);
    } catch (UnreadableException e) {
      throw unknown(request, e);
    }
  }

  private static Refusal unknown(Request request, Exception cause) {
    LOG.warn(
        "event=outcome-unknown request={} cause=\"{}\"",
        request.id().inLog(),
        String.valueOf(cause.getCause() == null ? cause : cause.getCause()));
    return new Refusal(Writes.unknownOutcome());
  }

  /// What the history, here or where it is kept, says that the request did.
  private Recalled recalled(Request request, long revision)
      throws IOException, InterruptedException {
    await(revision, CAUGHT_UP_WITHIN);
    List<Batch> batches = controller.history(revision, 1);
    for (Batch batch : batches) {
      for (Batch.Entry entry : batch.entries()) {
        if (batch.revision() == revision && entry.request().equals(request.id().inLog())) {
          return new Recalled(revision, entry.facts());
        }
      }
    }
    throw new Refusal(Writes.unknownOutcome());
  }

  private void awaitRevisionOf(Reply reply) throws InterruptedException {
    String revision = reply.headers().get(Reply.REVISION);
    if (revision != null) {
      await(Long.parseLong(revision), CAUGHT_UP_WITHIN);
    }
  }

  private void await(long revision, Duration within) throws InterruptedException {
    CompletableFuture<?> reached = controller.awaitRevision(revision);
    try {
      reached.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("event=not-caught-up revision={} cause=\"{}\"", revision, String.valueOf(e));
    } finally {
      reached.cancel(false);
    }
  }
}

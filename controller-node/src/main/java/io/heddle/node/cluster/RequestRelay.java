package io.heddle.node.cluster;

import io.heddle.core.cluster.Peers;
import io.heddle.core.model.Leadership;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Image;
import io.heddle.core.store.OutcomeUnknownException;
import io.heddle.core.store.Store;
import io.heddle.core.store.StrictJson;
import io.heddle.rest.spi.Leader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries a client's write to the node that leads, and brings the answer back, across elections.
///
/// A request is sent to the leader of one term and counts in that term only. Where no answer comes,
/// the log tells: once this node has applied the leadership of a later term, the request is either
/// in a batch before it, or dead; then it is sent to the new leader. So a client that waits a
/// second longer is all that an election costs.
public final class RequestRelay implements Leader {

  private static final String CALL = "request";
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int BATCHES_AT_ONCE = 256;
  private static final Logger LOG = LoggerFactory.getLogger(RequestRelay.class);

  /// Serves a request of this node's API as if it had come here.
  public interface Server {
    byte[] serve(byte[] request) throws InterruptedException, ExecutionException;
  }

  /// Batches of the past, wherever they are kept.
  public interface Past {
    List<Batch> read(long fromRevision, int limit) throws IOException, InterruptedException;
  }

  /// What a search in the log has found.
  private static final class CommittedException extends Exception {
    private final long revision;

    CommittedException(long revision) {
      super("committed as revision " + revision);
      this.revision = revision;
    }
  }

  /// A request on its way.
  private record Errand(String id, long term, String request) {}

  /// What became of it there: the answer, or that the node did not lead in that term.
  private record Ending(@Nullable String answer, @Nullable String notLeading) {}

  private final Store store;
  private final Peers peers;
  private final Past past;
  private final Map<String, Long> terms = new ConcurrentHashMap<>();
  private volatile @Nullable Server server;

  public RequestRelay(Store store, Peers peers, Past past) {
    this.store = store;
    this.peers = peers;
    this.past = past;
    peers.answer(CALL, (from, bytes) -> serve(bytes));
  }

  /// The API is up.
  public void serveWith(Server api) {
    server = api;
  }

  /// The only term in which what this request submits may be decided, if it was relayed.
  public OptionalLong termOf(String request) {
    Long term = terms.get(request);
    return term == null ? OptionalLong.empty() : OptionalLong.of(term);
  }

  private byte[] serve(byte[] bytes) throws IOException, InterruptedException {
    Errand errand = StrictJson.MAPPER.readValue(bytes, Errand.class);
    Server api = server;
    Store.Status status = store.status();
    if (api == null || !status.leading() || status.term() != errand.term()) {
      return write(new Ending(null, "this node does not lead in term " + errand.term()));
    }
    if (terms.putIfAbsent(errand.id(), errand.term()) != null) {
      throw new IOException("the request %s is in work here already".formatted(errand.id()));
    }
    try {
      return write(new Ending(text(api.serve(bytes(errand.request()))), null));
    } catch (ExecutionException e) {
      throw new IOException("the API did not answer: " + e.getCause(), e);
    } finally {
      terms.remove(errand.id());
    }
  }

  /// The API's messages are JSON.
  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] write(Object message) throws IOException {
    return StrictJson.MAPPER.writeValueAsBytes(message);
  }

  @Override
  public boolean isHere() {
    return store.status().leading();
  }

  @Override
  public CompletionStage<Relayed> relay(String id, byte[] request, Duration within) {
    CompletableFuture<Relayed> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("relay-" + id)
        .start(() -> {
          try {
            ended.complete(carry(id, text(request), within));
          } catch (CommittedException e) {
            ended.complete(new Relayed.Committed(e.revision));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended.completeExceptionally(e);
          } catch (IOException | OutcomeUnknownException | RuntimeException e) {
            ended.completeExceptionally(e);
          }
        });
    return ended;
  }

  private Relayed carry(String id, String request, Duration within)
      throws IOException, InterruptedException, OutcomeUnknownException, CommittedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (deadline > System.nanoTime()) {
      Image image = store.image();
      Optional<Leadership> leadership = image.find(Leadership.ID);
      if (leadership.isPresent()) {
        Optional<String> answer =
            attempt(new Attempt(id, request, leadership.get(), image, deadline));
        if (answer.isPresent()) {
          return new Relayed.Answered(bytes(answer.get()));
        }
      }
      pause(image, deadline);
    }
    return new Relayed.NoLeader("no node leads the cluster now");
  }

  /// One try with the leader of one term.
  private record Attempt(
      String id, String request, Leadership leadership, Image image, long deadline) {
    Duration left() {
      return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }
  }

  /// @return nothing when it certainly was not and will not be decided in that term
  private Optional<String> attempt(Attempt attempt)
      throws IOException, InterruptedException, OutcomeUnknownException, CommittedException {
    Errand errand = new Errand(attempt.id(), attempt.leadership().term(), attempt.request());
    try {
      byte[] bytes =
          attempt.leadership().node().equals(peers.self())
              ? serve(write(errand))
              : peers
                  .call(attempt.leadership().node(), CALL, write(errand), attempt.left())
                  .get(attempt.left().toMillis() + 1, TimeUnit.MILLISECONDS);
      Ending ending = StrictJson.MAPPER.readValue(bytes, Ending.class);
      return Optional.ofNullable(ending.answer());
    } catch (ExecutionException | TimeoutException e) {
      if (e.getCause() instanceof Peers.AbsentException) {
        return Optional.empty();
      }
      LOG.info(
          "event=relay-unanswered request={} leader={} term={} cause=\"{}\"",
          attempt.id(),
          attempt.leadership().node(),
          attempt.leadership().term(),
          String.valueOf(e.getCause()));
      readOn(attempt);
      return Optional.empty();
    }
  }

  /// Returns when the log says that the attempt is dead.
  private void readOn(Attempt attempt)
      throws IOException, InterruptedException, OutcomeUnknownException, CommittedException {
    long read = attempt.image().revision();
    while (deadlineIsAhead(attempt)) {
      Image now = store.image();
      read = search(attempt, read, now.revision());
      if (now.require(Leadership.ID).term() > attempt.leadership().term()) {
        return;
      }
      pause(now, attempt.deadline());
    }
    throw new OutcomeUnknownException(
        "the leader did not answer, and no other was elected in time");
  }

  private static boolean deadlineIsAhead(Attempt attempt) {
    return attempt.deadline() > System.nanoTime();
  }

  /// @return the last revision that has been looked at
  private long search(Attempt attempt, long after, long upTo)
      throws IOException, InterruptedException, OutcomeUnknownException, CommittedException {
    long read = after;
    while (read < upTo) {
      List<Batch> batches = past.read(read + 1, BATCHES_AT_ONCE);
      if (batches.isEmpty() || batches.getFirst().revision() != read + 1) {
        throw new OutcomeUnknownException(
            "the history lacks revision %d, which would tell".formatted(read + 1));
      }
      for (Batch batch : batches) {
        if (batch.entries().stream().anyMatch(entry -> entry.request().equals(attempt.id()))) {
          throw new CommittedException(batch.revision());
        }
        read = batch.revision();
      }
    }
    return read;
  }

  /// Until there is a later revision, for a little while at most.
  private void pause(Image image, long deadline) throws InterruptedException {
    long wait = Math.min(PAUSE.toNanos(), deadline - System.nanoTime());
    var later = store.awaitRevision(image.revision() + 1);
    try {
      var _ = later.get(Math.max(1, wait), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      later.cancel(false);
    }
  }
}

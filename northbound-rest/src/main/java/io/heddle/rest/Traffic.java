package io.heddle.rest;

import io.heddle.core.model.ProjectId;
import io.heddle.rest.audit.AuditTrail;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.http.Connections;
import io.heddle.rest.http.Feed;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.http.RequestId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All requests in flight: counts them, refuses those beyond the limit, times them, and writes
/// their answers. Belongs to one event loop, but for the count, which is also a metric.
final class Traffic {

  private static final int TOO_SLOW = 408;
  private static final int FIRST_NOT_OK = 300;

  private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

  private final Vertx vertx;
  private final Connections connections;
  private final MeterRegistry meters;
  private final int limit;
  private final Shares shares;
  private final Streamers streamers;
  private final Auditing auditing;
  private final AtomicInteger inFlight = new AtomicInteger();

  /// Who writes what has no known end.
  ///
  /// @param threads virtual ones
  /// @param stall how long a client may take to read a piece
  record Streamers(ExecutorService threads, Duration stall) {}

  /// Who takes note of writes, and of when they were answered.
  record Auditing(AuditTrail trail, InstantSource clock) {}

  /// @param limits of requests in flight, in all and of one project
  Traffic(
      Vertx vertx,
      Connections connections,
      MeterRegistry meters,
      RestOptions.Limits limits,
      Streamers streamers,
      Auditing auditing) {
    this.auditing = auditing;
    this.vertx = vertx;
    this.connections = connections;
    this.meters = meters;
    this.limit = limits.inFlight();
    this.shares = new Shares(limits.share(), System::nanoTime);
    this.streamers = streamers;
    meters.gauge("heddle.http.in.flight", inFlight);
  }

  /// @param id what the request is called
  Exchange begin(String operation, RequestId id, RoutingContext routing) {
    connections.asks(routing.request().connection());
    return new Exchange(operation, id, routing);
  }

  /// One request and its answer.
  final class Exchange {
    private final String operation;
    private final RequestId id;
    private final RoutingContext routing;
    private final Context eventLoop = vertx.getOrCreateContext();
    private final Timer.Sample started = Timer.start(meters);
    private BooleanSupplier allowed = () -> true;
    private boolean holdsPlace;
    private @Nullable Caller caller;
    private @Nullable ProjectId shareOf;

    private Exchange(String operation, RequestId id, RoutingContext routing) {
      this.operation = operation;
      this.id = id;
      this.routing = routing;
    }

    RequestId id() {
      return id;
    }

    /// Whose request it is, once that is known.
    void by(Caller known) {
      caller = known;
    }

    /// Until when a streamed answer may go on.
    void lastsWhile(BooleanSupplier stillAllowed) {
      allowed = stillAllowed;
    }

    /// @throws Refusal when as many requests as the node cares for are in flight
    void takePlace() {
      if (inFlight.get() >= limit) {
        throw new Refusal(
            HttpProblem.of(
                    429,
                    "too-many-requests",
                    "Too many requests",
                    "%d requests are in flight, which is the limit; try again in a second"
                        .formatted(limit))
                .with("Retry-After", "1"));
      }
      inFlight.incrementAndGet();
      holdsPlace = true;
    }

    /// @throws Refusal when the caller's project has as much of the node as it may
    void takeShare(Caller of) {
      of.confinedTo()
          .ifPresent(project -> {
            shares.take(project);
            shareOf = project;
          });
    }

    void answerFromAnywhere(Reply reply) {
      onEventLoop(() -> answer(reply));
    }

    void onEventLoop(Runnable task) {
      eventLoop.runOnContext(_ -> task.run());
    }

    /// On the event loop, once.
    void answer(Reply bare) {
      Reply reply = bare.to(id);
      if (holdsPlace) {
        inFlight.decrementAndGet();
        holdsPlace = false;
      }
      if (shareOf != null) {
        shares.giveBack(shareOf);
        shareOf = null;
      }
      note(reply.status());
      audit(reply);
      HttpServerResponse response = routing.response();
      Feed feed = reply.feed();
      if (response.closed() || response.ended()) {
        if (feed != null) {
          feed.close();
        }
        return;
      }
      response.setStatusCode(reply.status());
      reply.headers().forEach(response::putHeader);
      if (reply.status() == TOO_SLOW) {
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      response.putHeader("Cache-Control", "no-store");
      if (!reply.mediaType().isEmpty()) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType());
      }
      if (feed == null) {
        response.end(reply.body()).onComplete(_ -> written(reply.status()));
      } else {
        // A compressor would keep events back until it has enough of them.
        response.putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
        stream(feed, response.setChunked(true));
      }
    }

    private void note(int status) {
      long nanos =
          started.stop(
              meters.timer(
                  "heddle.http.requests",
                  "operation",
                  operation,
                  "status",
                  Integer.toString(status)));
      LOG.debug(
          "event=answered request={} operation={} status={} millis={}",
          id.inLog(),
          operation,
          status,
          TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    private void audit(Reply reply) {
      HttpServerRequest request = routing.request();
      if (request.method().equals(HttpMethod.GET)) {
        return;
      }
      String revision =
          reply.status() < FIRST_NOT_OK ? reply.headers().getOrDefault(Reply.REVISION, "0") : "0";
      auditing
          .trail()
          .note(
              new AuditTrail.Entry(
                  auditing.clock().instant(),
                  id.inLog(),
                  caller,
                  String.valueOf(request.remoteAddress()),
                  operation,
                  request.method().name(),
                  routing.normalizedPath(),
                  reply.status(),
                  Long.parseLong(revision)));
    }

    private void written(int status) {
      connections.answered(routing.request().connection());
      if (status == TOO_SLOW) {
        var _ = routing.request().connection().close();
      }
    }

    private void stream(Feed feed, HttpServerResponse response) {
      Streaming streaming =
          new Streaming(routing.request(), eventLoop, feed, allowed, streamers.stall());
      try {
        Future<?> running = streamers.threads().submit(streaming);
        response.closeHandler(_ -> {
          running.cancel(true);
          feed.close();
        });
        response.endHandler(_ -> written(response.getStatusCode()));
      } catch (RejectedExecutionException e) {
        feed.close();
        response.end().onComplete(_ -> written(response.getStatusCode()));
      }
    }
  }
}

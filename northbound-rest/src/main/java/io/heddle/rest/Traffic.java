package io.heddle.rest;

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
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All requests in flight: counts them, refuses those beyond the limit, times them, and writes
/// their answers. Belongs to one event loop, but for the count, which is also a metric.
final class Traffic {

  private static final int TOO_SLOW = 408;

  private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

  private final Vertx vertx;
  private final Connections connections;
  private final MeterRegistry meters;
  private final int limit;
  private final Streamers streamers;
  private final AtomicInteger inFlight = new AtomicInteger();

  /// Who writes what has no known end.
  ///
  /// @param threads virtual ones
  /// @param stall how long a client may take to read a piece
  record Streamers(ExecutorService threads, Duration stall) {}

  /// @param limit of requests in flight
  Traffic(
      Vertx vertx, Connections connections, MeterRegistry meters, int limit, Streamers streamers) {
    this.vertx = vertx;
    this.connections = connections;
    this.meters = meters;
    this.limit = limit;
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

    private Exchange(String operation, RequestId id, RoutingContext routing) {
      this.operation = operation;
      this.id = id;
      this.routing = routing;
    }

    RequestId id() {
      return id;
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

    void answerFromAnywhere(Reply reply) {
      eventLoop.runOnContext(_ -> answer(reply));
    }

    /// On the event loop, once.
    void answer(Reply bare) {
      Reply reply = bare.to(id);
      if (holdsPlace) {
        inFlight.decrementAndGet();
        holdsPlace = false;
      }
      note(reply.status());
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
      response.putHeader("Cache-Control", "no-store");
      if (!reply.mediaType().isEmpty()) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType());
      }
      if (feed == null) {
        response.end(reply.body()).onComplete(_ -> written(reply.status()));
      } else {
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

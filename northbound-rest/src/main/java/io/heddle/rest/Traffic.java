package io.heddle.rest;

import io.heddle.rest.http.Connections;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;

/// All requests in flight: counts them, refuses those beyond the limit, times them, and writes
/// their answers. Belongs to one event loop, but for the count, which is also a metric.
final class Traffic {

  private static final int TOO_SLOW = 408;

  private final Vertx vertx;
  private final Connections connections;
  private final MeterRegistry meters;
  private final int limit;
  private final AtomicInteger inFlight = new AtomicInteger();

  Traffic(Vertx vertx, Connections connections, MeterRegistry meters, int limit) {
    this.vertx = vertx;
    this.connections = connections;
    this.meters = meters;
    this.limit = limit;
    meters.gauge("heddle.http.in.flight", inFlight);
  }

  Exchange begin(String operation, RoutingContext routing) {
    connections.asks(routing.request().connection());
    return new Exchange(operation, routing, vertx.getOrCreateContext(), Timer.start(meters));
  }

  /// One request and its answer.
  final class Exchange {
    private final String operation;
    private final RoutingContext routing;
    private final Context eventLoop;
    private final Timer.Sample started;
    private boolean holdsPlace;

    private Exchange(
        String operation, RoutingContext routing, Context eventLoop, Timer.Sample started) {
      this.operation = operation;
      this.routing = routing;
      this.eventLoop = eventLoop;
      this.started = started;
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
    void answer(Reply reply) {
      if (holdsPlace) {
        inFlight.decrementAndGet();
        holdsPlace = false;
      }
      started.stop(
          meters.timer(
              "heddle.http.requests",
              "operation",
              operation,
              "status",
              Integer.toString(reply.status())));
      HttpServerResponse response = routing.response();
      if (response.closed() || response.ended()) {
        return;
      }
      response.setStatusCode(reply.status());
      reply.headers().forEach(response::putHeader);
      response.putHeader("Cache-Control", "no-store");
      if (!reply.mediaType().isEmpty()) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType());
      }
      response
          .end(reply.body())
          .onComplete(written -> {
            connections.answered(routing.request().connection());
            if (reply.status() == TOO_SLOW) {
              routing.request().connection().close();
            }
          });
    }
  }
}

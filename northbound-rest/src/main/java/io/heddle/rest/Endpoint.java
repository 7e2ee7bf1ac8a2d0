package io.heddle.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.auth.Role;
import io.heddle.rest.auth.TokenAuthority;
import io.heddle.rest.contract.Operation;
import io.heddle.rest.contract.Parameter;
import io.heddle.rest.handler.Freshness;
import io.heddle.rest.handler.Handler;
import io.heddle.rest.handler.Request;
import io.heddle.rest.handler.Writes;
import io.heddle.rest.http.BodyReader;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.http.RequestId;
import io.heddle.rest.http.Yaml;
import io.heddle.rest.relay.Relaying;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One operation of the contract, from a request's head to its answer.
final class Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final Caller NOBODY = new Caller("nobody", Role.READER, Caller.DEFAULT_PROJECT);
  private static final String BEARER = "bearer ";
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final Operation operation;
  private final Handler handler;
  private final Shared shared;

  /// What all endpoints work with.
  ///
  /// @param requestIds fresh ones, for requests that bring none
  /// @param threads virtual ones
  record Shared(
      TokenAuthority tokens,
      Supplier<UUID> requestIds,
      RestOptions.Limits limits,
      Traffic traffic,
      Freshness freshness,
      Relaying relaying,
      Executor threads) {}

  /// A request's head, as far as it makes sense.
  private record Head(RequestId id, Caller caller, String target, Map<String, String> parameters) {}

  Endpoint(Operation operation, Handler handler, Shared shared) {
    this.operation = operation;
    this.handler = handler;
    this.shared = shared;
  }

  /// On the event loop.
  void serve(RoutingContext routing) {
    RequestId id = RequestId.of(routing.request().getHeader(RequestId.HEADER), shared.requestIds());
    Traffic.Exchange exchange = shared.traffic().begin(operation.id(), id, routing);
    try {
      exchange.takePlace();
    } catch (Refusal refusal) {
      exchange.answer(Reply.problem(refusal.problem()));
      return;
    }
    HttpServerRequest request = routing.request();
    Optional<String> token = operation.secured() ? token(request) : Optional.empty();
    CompletableFuture<Void> prepared =
        token
            .map(shown -> shared.tokens().prepare(shown).toCompletableFuture())
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    if (prepared.isDone()) {
      admit(exchange, routing);
      return;
    }
    request.pause();
    var _ =
        prepared.whenComplete((_, _) ->
            exchange.onEventLoop(() -> {
              admit(exchange, routing);
              request.resume();
            }));
  }

  /// The token can be told from others now.
  private void admit(Traffic.Exchange exchange, RoutingContext routing) {
    try {
      HttpServerRequest request = routing.request();
      Caller caller = caller(request);
      exchange.by(caller);
      exchange.takeShare(caller);
      Head head =
          new Head(
              exchange.id(),
              caller,
              request.method() + " " + routing.normalizedPath(),
              parameters(routing));
      exchange.lastsWhile(() -> isStill(request, head.caller()));
      if (!operation.takesBody()) {
        compute(exchange, head, "", Buffer.buffer());
        return;
      }
      String mediaType = mediaType(request);
      RestOptions.Limits limits = shared.limits();
      BodyReader.read(routing.vertx(), request, limits.bodyBytes(), limits.bodyWithin())
          .onComplete(
              body -> compute(exchange, head, mediaType, body),
              failed -> exchange.answer(failure(exchange.id(), failed)));
    } catch (Refusal refusal) {
      exchange.answer(Reply.problem(refusal.problem()));
    }
  }

  private void compute(Traffic.Exchange exchange, Head head, String mediaType, Buffer body) {
    try {
      shared.threads().execute(() -> exchange.answerFromAnywhere(reply(head, mediaType, body)));
    } catch (RejectedExecutionException e) {
      exchange.answer(stopping());
    }
  }

  /// On a virtual thread.
  private Reply reply(Head head, String mediaType, Buffer body) {
    try {
      JsonNode json = NullNode.getInstance();
      if (operation.takesBody()) {
        byte[] bytes = body.getBytes();
        json = mediaType.equals(Yaml.MEDIA_TYPE) ? Yaml.read(bytes) : Json.read(bytes);
        operation.check(mediaType, json);
      }
      return reply(
          mediaType, new Request(head.id, head.caller, head.target, head.parameters, json));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      // What was handed to the log or to the leader by then may be carried out.
      return handler instanceof Handler.Deciding
          ? Reply.problem(Writes.unknownOutcome())
          : stopping();
    } catch (IOException | RuntimeException e) {
      return failure(head.id, e);
    }
  }

  private Reply reply(String mediaType, Request request) throws IOException, InterruptedException {
    if (!operation.secured()) {
      return handler.handle(request);
    }
    return handler instanceof Handler.Deciding deciding && !request.isDryRun()
        ? shared.relaying().answer(new Relaying.Errand(operation, deciding, mediaType, request))
        : shared.freshness().serve(handler, request);
  }

  private static Reply stopping() {
    return Reply.problem(
        HttpProblem.unavailable("this node is stopping; ask another one", TRY_AGAIN));
  }

  private Reply failure(RequestId id, Throwable failed) {
    if (failed instanceof Refusal refusal) {
      return Reply.problem(refusal.problem());
    }
    if (failed instanceof HttpClosedException) {
      LOG.debug("event=client-gone request={} operation={}", id.inLog(), operation.id());
      return stopping();
    }
    LOG.error("event=request-failed request={} operation={}", id.inLog(), operation.id(), failed);
    return Reply.problem(HttpProblem.internal());
  }

  private Caller caller(HttpServerRequest request) {
    if (!operation.secured()) {
      return NOBODY;
    }
    String token =
        token(request)
            .orElseThrow(() ->
                new Refusal(
                    HttpProblem.unauthorized(
                        "no token; send 'Authorization: Bearer TOKEN' (a node keeps its admin's in"
                            + " admin-token of its data directory)")));
    return shared
        .tokens()
        .authenticate(token)
        .orElseThrow(() ->
            new Refusal(HttpProblem.unauthorized("the token is not known here, or not any more")));
  }

  private static Optional<String> token(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(BEARER))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  /// Whether the request's token is still good for what it was good for.
  private boolean isStill(HttpServerRequest request, Caller caller) {
    try {
      return caller(request).equals(caller);
    } catch (Refusal refusal) {
      return false;
    }
  }

  private Map<String, String> parameters(RoutingContext routing) {
    Map<String, String> given = new HashMap<>();
    routing
        .pathParams()
        .forEach((name, value) ->
            operation
                .parameter(Parameter.In.PATH, name)
                .ifPresent(parameter -> take(parameter, value, given)));
    for (String name : routing.queryParams().names()) {
      Parameter parameter = operation.query(name);
      List<String> values = routing.queryParam(name);
      if (values.size() > 1) {
        throw new Refusal(
            HttpProblem.invalid(
                name, "%s is given %d times; give it once".formatted(name, values.size())));
      }
      take(parameter, values.getFirst(), given);
    }
    for (Parameter parameter : operation.parameters(Parameter.In.HEADER)) {
      String value = routing.request().getHeader(parameter.name());
      if (value != null) {
        take(parameter, value, given);
      }
    }
    return given;
  }

  private void take(Parameter parameter, String value, Map<String, String> given) {
    operation.check(parameter, value);
    given.put(parameter.name(), value);
  }

  private String mediaType(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    String[] parts =
        header == null ? new String[] {""} : header.toLowerCase(Locale.ROOT).split(";");
    String type = parts[0].strip();
    boolean utf8 = true;
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip().replace("\"", "");
      utf8 &= !part.startsWith("charset=") || part.equals("charset=utf-8");
    }
    boolean plain = encoding == null || encoding.equalsIgnoreCase("identity");
    if (!operation.bodies().containsKey(type) || !utf8 || !plain) {
      throw new Refusal(
          HttpProblem.of(
              415,
              "unsupported-media-type",
              "Unsupported media type",
              "the body is '%s'%s; send %s in UTF-8, not compressed"
                  .formatted(
                      header == null ? "" : header,
                      plain ? "" : " in " + encoding,
                      String.join(" or ", operation.bodies().keySet()))));
    }
    return type;
  }
}

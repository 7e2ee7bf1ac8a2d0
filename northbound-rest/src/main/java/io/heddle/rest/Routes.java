package io.heddle.rest;

import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import io.heddle.rest.handler.Handler;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Reply;
import io.heddle.rest.http.RequestId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Paths and methods, as the contract has them; whatever else is asked for gets a problem.
final class Routes {

  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  private final Contract contract;
  private final Map<String, Handler> handlers;
  private final BiFunction<Operation, Handler, Endpoint> endpoints;
  private final Supplier<UUID> ids;

  /// @param ids fresh ones, for requests that no endpoint takes
  /// @throws IllegalStateException when contract and handlers do not match one to one
  Routes(
      Contract contract,
      Map<String, Handler> handlers,
      BiFunction<Operation, Handler, Endpoint> endpoints,
      Supplier<UUID> ids) {
    this.contract = contract;
    this.handlers = handlers;
    this.endpoints = endpoints;
    this.ids = ids;
    Set<String> unserved = new HashSet<>();
    contract.operations().forEach(operation -> unserved.add(operation.id()));
    Set<String> unasked = new HashSet<>(handlers.keySet());
    unasked.removeAll(unserved);
    unserved.removeAll(handlers.keySet());
    if (!unserved.isEmpty() || !unasked.isEmpty()) {
      throw new IllegalStateException(
          "operations without a handler: %s; handlers without an operation: %s"
              .formatted(unserved, unasked));
    }
  }

  Router on(Vertx vertx) {
    Router router = Router.router(vertx);
    for (Operation operation : contract.operations()) {
      Handler handler = handlers.get(operation.id());
      if (handler != null) {
        route(router, operation).handler(endpoints.apply(operation, handler)::serve);
      }
    }
    router.errorHandler(NOT_FOUND, routing -> write(routing, unknown(routing)));
    router.errorHandler(METHOD_NOT_ALLOWED, routing -> write(routing, methodNotAllowed(routing)));
    router.errorHandler(400, routing -> write(routing, malformed()));
    router.errorHandler(500, routing -> write(routing, HttpProblem.internal()));
    return router;
  }

  private static Route route(Router router, Operation operation) {
    HttpMethod method = HttpMethod.valueOf(operation.method());
    String path = operation.path();
    return path.contains(":")
        ? router.routeWithRegex(method, regex(path))
        : router.route(method, pattern(path));
  }

  /// `/v1/peerings/{id}:accept`, where a parameter ends at the colon.
  private static String regex(String path) {
    Matcher parameter = PARAMETER.matcher(path);
    StringBuilder regex = new StringBuilder();
    int from = 0;
    while (parameter.find()) {
      regex
          .append(Pattern.quote(path.substring(from, parameter.start())))
          .append("(?<%s>[^/:]+)".formatted(parameter.group(1)));
      from = parameter.end();
    }
    return regex.append(Pattern.quote(path.substring(from))).toString();
  }

  /// `/v1/vpcs/{id}` as Vert.x writes it. A colon is its sign for a parameter.
  private static String pattern(String path) {
    return path.replace("{", ":").replace("}", "");
  }

  private static HttpProblem unknown(RoutingContext routing) {
    return HttpProblem.notFound(
        "there is nothing at %s; /openapi.yaml lists what there is"
            .formatted(routing.normalizedPath()));
  }

  private static HttpProblem malformed() {
    return HttpProblem.invalid(
        "", "the path or the query is not a valid URI; encode it (RFC 3986)");
  }

  private HttpProblem methodNotAllowed(RoutingContext routing) {
    String path = routing.normalizedPath();
    List<String> allowed =
        contract.operations().stream()
            .filter(operation -> path.matches(operation.path().replaceAll("\\{[^}]*}", "[^/]+")))
            .map(Operation::method)
            .sorted()
            .toList();
    return HttpProblem.of(
            METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Method not allowed",
            "%s does not take %s; it takes %s"
                .formatted(path, routing.request().method(), String.join(", ", allowed)))
        .with("Allow", String.join(", ", allowed));
  }

  private void write(RoutingContext routing, HttpProblem problem) {
    RequestId id = RequestId.of(routing.request().getHeader(RequestId.HEADER), ids);
    Reply reply = Reply.problem(problem).to(id);
    HttpServerResponse response = routing.response().setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    var _ = response.putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType()).end(reply.body());
  }
}

package io.heddle.rest;

import io.heddle.rest.auth.TokenAuthority;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.handler.Handler;
import io.heddle.rest.handler.NodeHandlers;
import io.heddle.rest.handler.ResourceHandlers;
import io.heddle.rest.handler.RevisionHandlers;
import io.heddle.rest.handler.RuleHandlers;
import io.heddle.rest.handler.Writes;
import io.heddle.rest.http.Connections;
import io.heddle.rest.resource.ResourceType;
import io.heddle.rest.resource.ResourceTypes;
import io.heddle.rest.spi.Controller;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API of one node, listening.
public final class RestServer implements AutoCloseable {

  private static final int MAX_URI_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

  /// What is not a function of the request.
  ///
  /// @param uuids ids for what is created
  /// @param meters also served as `/metrics`
  public record Environment(
      InstantSource clock, Supplier<UUID> uuids, PrometheusMeterRegistry meters) {}

  private final Vertx vertx;
  private final ExecutorService threads;
  private final HttpServer server;

  private RestServer(
      RestOptions options, Controller controller, TokenAuthority tokens, Environment environment) {
    vertx = newVertx();
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rest-", 0).factory());
    RestOptions.Limits limits = options.limits();
    Connections connections = new Connections(vertx, limits.connections(), limits.idle());
    Traffic traffic = new Traffic(vertx, connections, environment.meters(), limits.inFlight());
    Contract contract = Contract.load();
    Map<String, Handler> handlers = handlers(controller, environment, contract);
    Routes routes =
        new Routes(
            contract,
            handlers,
            (operation, handler) ->
                new Endpoint(operation, handler, tokens, limits, traffic, threads));
    server =
        vertx
            .createHttpServer(httpOptions(options))
            .connectionHandler(connections::opened)
            .invalidRequestHandler(Malformed::answer)
            .requestHandler(routes.on(vertx));
  }

  /// @throws IOException when the address can't be listened on
  public static RestServer start(
      RestOptions options, Controller controller, TokenAuthority tokens, Environment environment)
      throws IOException {
    RestServer starting = new RestServer(options, controller, tokens, environment);
    try {
      starting.server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      starting.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "the API can't listen on %s port %d: %s"
              .formatted(options.host(), options.port(), cause.getMessage()),
          e);
    }
    LOG.info("event=api-listening host={} port={}", options.host(), starting.port());
    return starting;
  }

  private static Vertx newVertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private static Map<String, Handler> handlers(
      Controller controller, Environment environment, Contract contract) {
    Writes writes = new Writes(controller, environment.clock());
    Supplier<UUID> ids = environment.uuids();
    Map<String, Handler> handlers = new HashMap<>();
    for (ResourceType<?> type : ResourceTypes.all(ids)) {
      handlers.putAll(new ResourceHandlers<>(type, controller, writes, ids).all());
    }
    handlers.putAll(new RuleHandlers(controller, writes, ids).all());
    handlers.putAll(new RevisionHandlers(controller).all());
    handlers.putAll(new NodeHandlers(controller, environment.meters(), contract).all());
    return handlers;
  }

  public int port() {
    return server.actualPort();
  }

  private static HttpServerOptions httpOptions(RestOptions options) {
    HttpServerOptions http =
        new HttpServerOptions()
            .setHost(options.host())
            .setPort(options.port())
            .setMaxInitialLineLength(MAX_URI_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false);
    RestOptions.Tls tls = options.tls();
    if (tls != null) {
      http.setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(tls.certificates().toString())
                  .setKeyPath(tls.key().toString()));
    }
    return http;
  }

  /// Stops listening, and drops the requests that are still waited for.
  @Override
  public void close() {
    threads.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    threads.close();
  }
}

package io.heddle.rest;

import io.heddle.rest.audit.AuditTrail;
import io.heddle.rest.auth.TokenAuthority;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.handler.Freshness;
import io.heddle.rest.handler.Handler;
import io.heddle.rest.http.Connections;
import io.heddle.rest.relay.RelayDesk;
import io.heddle.rest.relay.Relaying;
import io.heddle.rest.spi.Backend;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API of one node, listening.
public final class RestServer implements AutoCloseable {

  private static final int MAX_URI_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  /// Shorter answers fit a packet as they are.
  private static final int COMPRESSED_FROM_BYTES = 1_200;

  /// What is interrupted ends at once, unless it hangs in the file system.
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

  /// What is not a function of the request.
  ///
  /// @param uuids ids for what is created
  /// @param meters also served as `/metrics`
  /// @param audit takes note of writes
  public record Environment(
      InstantSource clock, Supplier<UUID> uuids, PrometheusMeterRegistry meters, AuditTrail audit) {

    /// Without an audit trail.
    public Environment(InstantSource clock, Supplier<UUID> uuids, PrometheusMeterRegistry meters) {
      this(clock, uuids, meters, AuditTrail.NONE);
    }
  }

  private final Vertx vertx;
  private final ExecutorService threads;
  private final RelayDesk relayDesk;
  private final HttpServer server;

  private RestServer(
      RestOptions options, Backend backend, TokenAuthority tokens, Environment environment) {
    vertx = newVertx();
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rest-", 0).factory());
    RestOptions.Limits limits = options.limits();
    Connections connections = new Connections(vertx, limits.connections(), limits.idle());
    Traffic traffic =
        new Traffic(
            vertx,
            connections,
            environment.meters(),
            limits,
            new Traffic.Streamers(threads, limits.streams().stall()),
            new Traffic.Auditing(environment.audit(), environment.clock()));
    Contract contract = Contract.load();
    Freshness freshness = new Freshness(backend.controller());
    Map<String, Handler> handlers =
        new Handlers(backend, environment, freshness, limits.streams()).all(contract);
    Endpoint.Shared shared =
        new Endpoint.Shared(
            tokens,
            environment.uuids(),
            limits,
            traffic,
            freshness,
            new Relaying(backend.controller(), backend.leader()),
            threads);
    Routes routes =
        new Routes(
            contract,
            handlers,
            (operation, handler) -> new Endpoint(operation, handler, shared),
            environment.uuids());
    relayDesk = new RelayDesk(backend, contract, handlers, limits.inFlight());
    server =
        vertx
            .createHttpServer(httpOptions(options))
            .connectionHandler(connections::opened)
            .invalidRequestHandler(request -> Malformed.answer(request, environment.uuids()))
            .requestHandler(routes.on(vertx));
  }

  /// @throws IOException when the address can't be listened on
  public static RestServer start(
      RestOptions options, Backend backend, TokenAuthority tokens, Environment environment)
      throws IOException {
    RestServer starting = new RestServer(options, backend, tokens, environment);
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

  /// Carries out what another node was asked to do and handed to this one, which leads: the other
  /// end of [io.heddle.rest.spi.Leader#relay]. Any thread; nothing blocks.
  public CompletionStage<byte[]> serveRelayed(byte[] message) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> {
        try {
          answer.complete(relayDesk.serve(message));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          answer.completeExceptionally(new IOException("this node is stopping", e));
        }
      });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new IOException("this node is stopping", e));
    }
    return answer;
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
            .setUseAlpn(false)
            .setCompressionSupported(true)
            .setCompressionContentSizeThreshold(COMPRESSED_FROM_BYTES);
    X509KeyManager tls = options.tls();
    if (tls != null) {
      http.setSsl(true).setKeyCertOptions(KeyCertOptions.wrap(tls));
    }
    return http;
  }

  /// Stops listening; ends streams, and drops the requests that are still waited for.
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(ENDED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("event=api-requests-abandoned");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

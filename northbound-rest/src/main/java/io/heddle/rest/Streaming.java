package io.heddle.rest;

import io.heddle.rest.http.Feed;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a feed to one client: the next piece is made when the one before has gone out, so that a
/// client that reads slowly costs one piece and no more. On a virtual thread of its own, which is
/// interrupted when the client is gone or the node stops.
final class Streaming implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Streaming.class);

  private final HttpServerRequest request;
  private final Context eventLoop;
  private final Feed feed;
  private final BooleanSupplier allowed;
  private final Duration stall;

  /// @param allowed whether the client may still have it; asked before each piece
  /// @param stall how long the client may take to read a piece
  Streaming(
      HttpServerRequest request,
      Context eventLoop,
      Feed feed,
      BooleanSupplier allowed,
      Duration stall) {
    this.request = request;
    this.eventLoop = eventLoop;
    this.feed = feed;
    this.allowed = allowed;
    this.stall = stall;
  }

  @Override
  public void run() {
    try (feed) {
      Optional<Buffer> piece = feed.next();
      while (piece.isPresent() && allowed.getAsBoolean()) {
        write(piece.get());
        piece = feed.next();
      }
    } catch (InterruptedException e) {
      LOG.debug("event=stream-ended cause=interrupted");
    } catch (TimeoutException e) {
      LOG.info("event=stream-cut-off reason=reads-too-slowly remote={}", request.remoteAddress());
      eventLoop.runOnContext(_ -> request.connection().close());
      return;
    } catch (ExecutionException e) {
      LOG.debug("event=stream-ended cause=\"{}\"", String.valueOf(e.getCause()));
    } catch (IOException | RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        LOG.error("event=stream-failed path={}", request.path(), e);
      }
    }
    eventLoop.runOnContext(_ -> end());
  }

  private void write(Buffer piece)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Void> written = new CompletableFuture<>();
    eventLoop.runOnContext(_ ->
        request
            .response()
            .write(piece)
            .onComplete(written::complete, written::completeExceptionally));
    written.get(stall.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void end() {
    HttpServerResponse response = request.response();
    if (!response.closed() && !response.ended()) {
      var _ = response.end();
    }
  }
}

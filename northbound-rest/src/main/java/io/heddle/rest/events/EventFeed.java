package io.heddle.rest.events;

import io.heddle.rest.http.Feed;
import io.heddle.rest.http.Json;
import io.heddle.rest.spi.Controller;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What one follower reads, as server-sent events (WHATWG HTML, section 9.2): each change with the
/// position behind it as its `id`.
///
/// When it has caught up, and with every heartbeat, an `id` alone tells that all up to a revision
/// was told, so that a follower whom little concerns resumes from there and not from far back.
public final class EventFeed implements Feed {

  /// Events are joined to pieces of about so much.
  private static final int PIECE = 32 * 1024;

  private final Controller controller;
  private final EventLog log;
  private final Audience audience;
  private final Duration heartbeat;
  private final Runnable released;

  private Position told;
  private boolean begun;
  private boolean caughtUp;
  private boolean over;
  private long lastPiece = System.nanoTime();

  /// What a feed reads from.
  ///
  /// @param heartbeat a follower that there is nothing to tell is told so this often
  public record Source(Controller controller, EventLog log, Duration heartbeat) {}

  /// @param from how far the follower has been told
  /// @param released is called when the follower is gone, maybe more than once
  public EventFeed(Source source, Audience audience, Position from, Runnable released) {
    this.controller = source.controller();
    this.log = source.log();
    this.heartbeat = source.heartbeat();
    this.audience = audience;
    this.told = from;
    this.released = released;
  }

  @Override
  public Optional<Buffer> next() throws IOException, InterruptedException {
    if (over) {
      return Optional.empty();
    }
    String text = begun ? more() : ": events after %s\n\n".formatted(told);
    begun = true;
    lastPiece = System.nanoTime();
    return Optional.of(Buffer.buffer(text));
  }

  private String more() throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    while (text.length() < PIECE && !over) {
      if (told.next() <= controller.image().revision()) {
        tell(told.next(), text);
      } else if (!text.isEmpty()) {
        return text.toString();
      } else if (!caughtUp || isTimeForHeartbeat()) {
        caughtUp = true;
        return "id: %s\n\n".formatted(told);
      } else {
        awaitMore();
      }
    }
    return text.toString();
  }

  private void tell(long revision, StringBuilder text) throws IOException, InterruptedException {
    Optional<List<RowEvent>> events = log.at(revision);
    if (events.isEmpty()) {
      over = true;
      text.append(gone(revision));
      return;
    }
    for (RowEvent event : events.get()) {
      if (event.position().compareTo(told) > 0 && audience.sees(event)) {
        text.append(event.text());
      }
    }
    told = Position.after(revision);
  }

  /// The follower was so slow that the history has been forgotten under it.
  private String gone(long revision) throws IOException, InterruptedException {
    String data =
        new String(
            Json.write(Json.object().put("oldest", log.oldestAfter(revision))),
            StandardCharsets.UTF_8);
    return "event: gone\ndata: %s\n\n".formatted(data);
  }

  private boolean isTimeForHeartbeat() {
    return System.nanoTime() - lastPiece >= heartbeat.toNanos();
  }

  private void awaitMore() throws InterruptedException {
    long left = heartbeat.toNanos() - (System.nanoTime() - lastPiece);
    CompletableFuture<?> reached = controller.awaitRevision(told.next());
    try {
      reached.get(Math.max(left, 1), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // Time for a heartbeat.
    } catch (ExecutionException e) {
      over = true; // the node stops
    } finally {
      reached.cancel(false);
    }
  }

  @Override
  public void close() {
    released.run();
  }
}

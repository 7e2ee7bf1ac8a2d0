package io.heddle.rest.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Closes connections that hold a place without asking anything: those that trickle a request's
/// head, those that go on sending a body nobody reads any more, and those that are only kept open.
///
/// Belongs to one event loop.
public final class Connections {

  private static final long ASKING = -1;

  private final Vertx vertx;
  private final int limit;
  private final Duration idle;

  /// The timer that will close a connection, or [#ASKING].
  private final Map<HttpConnection, Long> open = new HashMap<>();

  public Connections(Vertx vertx, int limit, Duration idle) {
    this.vertx = vertx;
    this.limit = limit;
    this.idle = idle;
  }

  public void opened(HttpConnection connection) {
    if (open.size() >= limit) {
      var _ = connection.close();
      return;
    }
    open.put(connection, timer(connection));
    connection.closeHandler(closed -> {
      Long timer = open.remove(connection);
      if (timer != null) {
        vertx.cancelTimer(timer);
      }
    });
  }

  /// A request's head is complete.
  public void asks(HttpConnection connection) {
    Long timer = open.replace(connection, ASKING);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  /// Its answer is written.
  public void answered(HttpConnection connection) {
    open.computeIfPresent(connection, (same, timer) -> timer(connection));
  }

  private long timer(HttpConnection connection) {
    return vertx.setTimer(
        idle.toMillis(),
        id -> {
          var _ = connection.close();
        });
  }
}

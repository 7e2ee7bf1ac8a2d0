package io.heddle.rest.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/// Collects a request's body up to a limit and a time. What comes after either is thrown away as it
/// arrives, so that the client gets to read why.
public final class BodyReader {

  private BodyReader() {}

  public static Future<Buffer> read(
      Vertx vertx, HttpServerRequest request, int limitBytes, Duration within) {
    if (announcedBytes(request) > limitBytes) {
      return Future.failedFuture(new Refusal(HttpProblem.tooLarge(limitBytes)));
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      var _ = request.response().writeContinue();
    }
    Promise<Buffer> done = Promise.promise();
    Buffer body = Buffer.buffer();
    long timer =
        vertx.setTimer(within.toMillis(), id -> done.tryFail(new Refusal(tooSlow(within))));
    request.handler(chunk -> {
      if (done.future().isComplete()) {
        return;
      }
      if (body.length() + chunk.length() > limitBytes) {
        done.tryFail(new Refusal(HttpProblem.tooLarge(limitBytes)));
      } else {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(end -> done.tryComplete(body));
    request.exceptionHandler(done::tryFail);
    return done.future().onComplete(result -> vertx.cancelTimer(timer));
  }

  /// -1 where the client does not say.
  private static long announcedBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : -1;
  }

  private static HttpProblem tooSlow(Duration within) {
    return HttpProblem.of(
        408,
        "too-slow",
        "Request timeout",
        "the body did not arrive within %d s; send it at once".formatted(within.toSeconds()));
  }
}

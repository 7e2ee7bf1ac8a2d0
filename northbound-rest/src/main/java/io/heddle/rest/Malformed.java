package io.heddle.rest;

import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Reply;
import io.heddle.rest.http.RequestId;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.UUID;
import java.util.function.Supplier;

/// Answers what is not HTTP, or too much of it, and closes the connection.
final class Malformed {

  private Malformed() {}

  /// @param ids fresh ones
  static void answer(HttpServerRequest request, Supplier<UUID> ids) {
    Throwable cause = request.decoderResult().cause();
    HttpProblem problem =
        switch (cause) {
          case TooLongHttpLineException line ->
              HttpProblem.of(
                  414,
                  "uri-too-long",
                  "URI too long",
                  "the path and query are too long; shorten them");
          case TooLongHttpHeaderException header ->
              HttpProblem.of(
                  431,
                  "headers-too-large",
                  "Header fields too large",
                  "the headers are too large; send fewer or shorter ones");
          case null, default ->
              HttpProblem.of(400, "malformed", "Malformed", "this is not a valid HTTP/1.1 request");
        };
    Reply reply = Reply.problem(problem).to(RequestId.of(null, ids));
    HttpServerResponse response = request.response().setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    var _ =
        response
            .putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType())
            .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
            .end(reply.body())
            .onComplete(_ -> request.connection().close());
  }
}

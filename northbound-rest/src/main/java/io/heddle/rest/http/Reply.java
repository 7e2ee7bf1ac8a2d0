package io.heddle.rest.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One answer, ready to be written.
///
/// @param mediaType empty where there is no body
/// @param feed what comes after the body, piece by piece; null where the body is all
public record Reply(
    int status, Map<String, String> headers, String mediaType, Buffer body, @Nullable Feed feed) {

  public static final String JSON = "application/json";

  /// The revision that an answer speaks of.
  public static final String REVISION = "Heddle-Revision";

  public Reply(int status, Map<String, String> headers, String mediaType, Buffer body) {
    this(status, headers, mediaType, body, null);
  }

  public static Reply json(int status, JsonNode body) {
    return new Reply(status, Map.of(), JSON, Buffer.buffer(Json.write(body)));
  }

  public static Reply text(String mediaType, String body) {
    return new Reply(200, Map.of(), mediaType, Buffer.buffer(body));
  }

  public static Reply empty(int status) {
    return new Reply(status, Map.of(), "", Buffer.buffer());
  }

  public static Reply stream(String mediaType, Feed feed) {
    return new Reply(200, Map.of(), mediaType, Buffer.buffer(), feed);
  }

  public static Reply problem(HttpProblem problem) {
    return problem(problem, problem.json());
  }

  /// @param json the problem with members of its own kind
  public static Reply problem(HttpProblem problem, ObjectNode json) {
    return new Reply(
        problem.status(),
        problem.headers(),
        HttpProblem.MEDIA_TYPE,
        Buffer.buffer(Json.write(json)));
  }

  public Reply with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, mediaType, body, feed);
  }

  public Reply at(long revision) {
    return with(REVISION, Long.toString(revision));
  }

  /// The answer to that request; a problem names it, so that it can be asked about.
  public Reply to(RequestId request) {
    Reply named = with(RequestId.HEADER, request.shown());
    if (!mediaType.equals(HttpProblem.MEDIA_TYPE)) {
      return named;
    }
    ObjectNode problem = (ObjectNode) Json.parse(body.toString());
    problem.put("requestId", request.shown());
    return new Reply(status, named.headers(), mediaType, Buffer.buffer(Json.write(problem)), feed);
  }
}

package io.heddle.rest.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.TreeMap;

/// One answer, ready to be written.
///
/// @param mediaType empty where there is no body
public record Reply(int status, Map<String, String> headers, String mediaType, Buffer body) {

  public static final String JSON = "application/json";

  public static Reply json(int status, JsonNode body) {
    return new Reply(status, Map.of(), JSON, Buffer.buffer(Json.write(body)));
  }

  public static Reply text(String mediaType, String body) {
    return new Reply(200, Map.of(), mediaType, Buffer.buffer(body));
  }

  public static Reply empty(int status) {
    return new Reply(status, Map.of(), "", Buffer.buffer());
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
    return new Reply(status, more, mediaType, body);
  }

  /// The revision that the answer speaks of.
  public Reply at(long revision) {
    return with("Heddle-Revision", Long.toString(revision));
  }
}

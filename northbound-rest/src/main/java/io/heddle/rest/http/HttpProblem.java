package io.heddle.rest.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.store.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A problem as RFC 9457 has it, with our `field` and `conflicts`.
///
/// @param kind the last part of `type`, stable for programs
/// @param detail one sentence: what is wrong, with which value, and what would be accepted
/// @param headers what the answer carries besides, like `Retry-After`
public record HttpProblem(
    int status,
    String kind,
    String title,
    String detail,
    String field,
    List<String> conflicts,
    Map<String, String> headers) {

  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "urn:heddle:problem:";

  public static HttpProblem of(int status, String kind, String title, String detail) {
    return new HttpProblem(status, kind, title, detail, "", List.of(), Map.of());
  }

  public static HttpProblem invalid(String field, String detail) {
    return new HttpProblem(400, "invalid", "Invalid", detail, field, List.of(), Map.of());
  }

  public static HttpProblem notFound(String detail) {
    return of(404, "not-found", "Not found", detail);
  }

  public static HttpProblem forbidden(String detail) {
    return of(403, "forbidden", "Forbidden", detail);
  }

  public static HttpProblem unauthorized(String detail) {
    return of(401, "unauthorized", "Unauthorized", detail)
        .with("WWW-Authenticate", "Bearer realm=\"heddle\"");
  }

  public static HttpProblem tooLarge(long limitBytes) {
    return of(
        413,
        "too-large",
        "Content too large",
        "the body is larger than the %d bytes accepted; split it into several requests"
            .formatted(limitBytes));
  }

  public static HttpProblem unavailable(String detail, Duration retryAfter) {
    return of(503, "unavailable", "Unavailable", detail)
        .with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  /// Our mistake; the log has the rest of it.
  public static HttpProblem internal() {
    return of(
        500,
        "internal",
        "Internal error",
        "the controller failed on this request; its log says why");
  }

  public static HttpProblem of(Problem problem) {
    HttpProblem bare =
        switch (problem.type()) {
          case INVALID -> of(400, "invalid", "Invalid", problem.detail());
          case NOT_FOUND -> notFound(problem.detail());
          case CONFLICT -> of(409, "conflict", "Conflict", problem.detail());
          case IN_USE -> of(409, "in-use", "In use", problem.detail());
          case EXHAUSTED -> of(409, "exhausted", "Exhausted", problem.detail());
          case PRECONDITION_FAILED ->
              of(412, "precondition-failed", "Precondition failed", problem.detail());
          case FORBIDDEN -> forbidden(problem.detail());
        };
    return new HttpProblem(
        bare.status,
        bare.kind,
        bare.title,
        bare.detail,
        problem.field(),
        problem.conflicts(),
        bare.headers);
  }

  public HttpProblem with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new HttpProblem(status, kind, title, detail, field, conflicts, more);
  }

  public ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("type", TYPE_PREFIX + kind)
            .put("title", title)
            .put("status", status)
            .put("detail", detail);
    if (!field.isEmpty()) {
      json.put("field", field);
    }
    if (!conflicts.isEmpty()) {
      ArrayNode named = json.putArray("conflicts");
      conflicts.forEach(named::add);
    }
    return json;
  }
}

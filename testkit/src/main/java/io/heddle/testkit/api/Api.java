package io.heddle.testkit.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A controller's REST API.
public final class Api {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();
  private final URI server;
  private final String token;
  private final Observer observer;

  /// Is told of every request and its answer.
  @FunctionalInterface
  public interface Observer {
    /// @param body empty where the request has none
    void exchanged(String method, String path, String body, Answer answer);
  }

  /// @param server for instance `http://127.0.0.1:7080`
  public Api(URI server, String token) {
    this(server, token, (method, path, body, answer) -> {});
  }

  public Api(URI server, String token, Observer observer) {
    this.server = server;
    this.token = token;
    this.observer = observer;
  }

  /// The same API, without anybody watching.
  public Api unobserved() {
    return new Api(server, token);
  }

  public Answer get(String path) {
    return send("GET", path, "");
  }

  /// @param body JSON, as it goes over the wire
  public Answer post(String path, String body) {
    return send("POST", path, body);
  }

  public Answer patch(String path, String body) {
    return send("PATCH", path, body);
  }

  public Answer delete(String path) {
    return send("DELETE", path, "");
  }

  private Answer send(String method, String path, String body) {
    try {
      return exchange(new Request(method, path, body, Map.of(), ANSWER_LIMIT));
    } catch (IOException failure) {
      throw new UncheckedIOException(method + " " + path + ": " + failure, failure);
    }
  }

  /// Sends a request and waits for its answer.
  ///
  /// @throws ConnectException nothing has been sent
  /// @throws IOException nobody knows whether the request arrived
  public Answer exchange(Request request) throws IOException {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(server.resolve(request.path()))
            .timeout(request.limit())
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                request.method(),
                request.body().isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(request.body()));
    request.headers().forEach(http::header);
    long begin = System.nanoTime();
    try {
      HttpResponse<String> response = client.send(http.build(), BodyHandlers.ofString());
      Answer answer =
          new Answer(
              request.method() + " " + request.path(),
              response.statusCode(),
              json(response.body()),
              response.headers(),
              Duration.ofNanos(System.nanoTime() - begin));
      observer.exchanged(request.method(), request.path(), request.body(), answer);
      return answer;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + request, stop);
    }
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
  }

  /// A request with all that a client may say.
  ///
  /// @param body JSON; empty for none
  /// @param limit for the whole exchange; afterwards nobody knows what became of it
  public record Request(
      String method, String path, String body, Map<String, String> headers, Duration limit) {

    public Request {
      headers = Map.copyOf(headers);
    }

    public static Request of(String method, String path, String body) {
      return new Request(method, path, body, Map.of(), ANSWER_LIMIT);
    }

    /// Only if the resource is still as it was at this revision.
    public Request ifMatch(long revision) {
      return with("If-Match", "\"" + revision + "\"");
    }

    /// However often it is sent, it is carried out once.
    public Request idempotent(String key) {
      return with("Idempotency-Key", key);
    }

    /// What events, revisions and logs call it.
    public Request named(String id) {
      return with("X-Request-Id", id);
    }

    public Request within(Duration other) {
      return new Request(method, path, body, headers, other);
    }

    private Request with(String name, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(name, value);
      return new Request(method, path, body, all, limit);
    }
  }

  /// What the controller answered.
  ///
  /// @param request method and path, for messages
  /// @param body missing where there is none
  /// @param took from the request's first byte to the answer's last
  public record Answer(
      String request, int status, JsonNode body, HttpHeaders headers, Duration took) {

    /// The revision that the answer speaks of, or 0.
    public long revision() {
      return headers.firstValueAsLong("Heddle-Revision").orElse(0);
    }

    public boolean accepted() {
      return status < 300;
    }

    /// This answer, if the request was accepted; else an [AssertionError] with the controller's
    /// words.
    public Answer orFail() {
      if (!accepted()) {
        throw new AssertionError("%s was answered with %d: %s".formatted(request, status, body));
      }
      return this;
    }

    /// A text of the body by its JSON pointer, like `/binding/state`; empty where there is none.
    public String text(String pointer) {
      return body.at(pointer).asText("");
    }
  }
}

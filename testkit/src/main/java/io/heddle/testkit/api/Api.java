package io.heddle.testkit.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

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
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(ANSWER_LIMIT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    long begin = System.nanoTime();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      Answer answer =
          new Answer(
              method + " " + path,
              response.statusCode(),
              json(response.body()),
              response.headers().firstValueAsLong("Heddle-Revision").orElse(0),
              Duration.ofNanos(System.nanoTime() - begin));
      observer.exchanged(method, path, body, answer);
      return answer;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + method + " " + path, stop);
    } catch (IOException failure) {
      throw new UncheckedIOException(method + " " + path + ": " + failure, failure);
    }
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
  }

  /// What the controller answered.
  ///
  /// @param request method and path, for messages
  /// @param body missing where there is none
  /// @param revision the one that the answer speaks of, or 0
  /// @param took from the request's first byte to the answer's last
  public record Answer(String request, int status, JsonNode body, long revision, Duration took) {

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

package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A client that believes no answer: each is held against the contract.
final class ApiClient implements AutoCloseable {

  private static final Contract CONTRACT = Contract.load();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private String token = TestNode.ADMIN;

  ApiClient(int port) {
    this.port = port;
  }

  /// An answer, and what tests ask of it.
  record Answer(HttpResponse<String> response, JsonNode json) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String text(String pointer) {
      return json.at(pointer).asText();
    }

    String id() {
      return text("/id");
    }

    Answer expect(int status) {
      assertEquals(status, status(), () -> response + " " + response.body());
      return this;
    }

    /// A problem with that status about that field, whose sentence holds all the parts.
    Answer refused(int status, String field, String... parts) {
      expect(status);
      assertEquals("application/problem+json", header("Content-Type"));
      assertEquals(status, json.at("/status").asInt());
      assertEquals(field, text("/field"), () -> json.toString());
      for (String part : parts) {
        if (!text("/detail").contains(part)) {
          throw new AssertionError("'%s' is not in: %s".formatted(part, text("/detail")));
        }
      }
      return this;
    }
  }

  ApiClient as(String who) {
    ApiClient other = new ApiClient(port);
    other.token = who;
    return other;
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  Answer delete(String path, String... headers) {
    return send("DELETE", path, null, headers);
  }

  Answer post(String path, String body, String... headers) {
    return send("POST", path, body.replace('\'', '"'), headers);
  }

  Answer patch(String path, String body, String... headers) {
    return send("PATCH", path, body.replace('\'', '"'), headers);
  }

  Answer send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null && List.of(headers).stream().noneMatch("Content-Type"::equals)) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      JsonNode json = json(response);
      check(request, response, json);
      return new Answer(response, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(HttpResponse<String> response) throws JsonProcessingException {
    String type = response.headers().firstValue("Content-Type").orElse("");
    return type.endsWith("json") ? MAPPER.readTree(response.body()) : MissingNode.getInstance();
  }

  private static void check(HttpRequest request, HttpResponse<String> response, JsonNode json) {
    String path = request.uri().getPath();
    Optional<Operation> operation =
        CONTRACT.operations().stream()
            .filter(each -> each.method().equals(request.method()))
            .filter(each -> path.matches(each.path().replaceAll("\\{[^}]*}", "[^/]+")))
            .findFirst();
    Optional<JsonNode> body = json.isMissingNode() ? Optional.empty() : Optional.of(json);
    operation.ifPresent(known ->
        assertEquals(
            List.of(),
            known.mistakes(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                body),
            response::body));
  }

  @Override
  public void close() {
    http.close();
  }
}

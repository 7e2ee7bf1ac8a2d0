package io.heddle.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A client that follows events.
final class EventStream implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int PATIENCE_SECONDS = TestNode.PATIENCE_SECONDS;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpResponse<InputStream> response;
  private final LinkedBlockingQueue<Block> blocks = new LinkedBlockingQueue<>();
  String lastId = "";

  /// What stands between two empty lines. A comment has neither an id nor an event.
  record Block(String id, String event, String data, boolean end, String failure) {
    boolean isEvent() {
      return !event.isEmpty();
    }

    JsonNode json() {
      try {
        return MAPPER.readTree(data);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// `created vpc <id>`
    String words() {
      return "%s %s %s".formatted(event, json().path("kind").asText(), json().path("id").asText());
    }
  }

  /// @param query as in `?since=3`, or empty
  EventStream(int port, String token, String query, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/events%s".formatted(port, query)))
            .header("Authorization", "Bearer " + token);
    if (headers.length > 0) {
      request.headers(headers);
    }
    response = http.send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new AssertionError(response + " " + new String(response.body().readAllBytes()));
    }
    Thread.ofVirtual().start(this::read);
  }

  long revision() {
    return Long.parseLong(response.headers().firstValue("Heddle-Revision").orElseThrow());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      String id = "";
      String event = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          blocks.add(new Block(id, event, data, false, ""));
          id = "";
          event = "";
          data = "";
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        }
      }
      blocks.add(new Block("", "", "", true, ""));
    } catch (IOException e) {
      blocks.add(new Block("", "", "", true, e.toString()));
    }
  }

  Block next() throws InterruptedException {
    Block block = blocks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (block == null) {
      throw new AssertionError("nothing came for %d s".formatted(PATIENCE_SECONDS));
    }
    if (!block.id().isEmpty()) {
      lastId = block.id();
    }
    return block;
  }

  /// The next event; the end of the stream fails.
  Block nextEvent() throws InterruptedException {
    while (true) {
      Block block = next();
      if (block.end()) {
        throw new AssertionError("the stream ended: " + block.failure());
      }
      if (block.isEvent()) {
        return block;
      }
    }
  }

  /// All events up to the first word that a revision was told.
  List<Block> until(long revision) throws InterruptedException {
    List<Block> events = new ArrayList<>();
    while (true) {
      Block block = next();
      if (block.end()) {
        throw new AssertionError("the stream ended: " + block.failure());
      }
      if (block.isEvent()) {
        events.add(block);
      }
      if (!block.id().isEmpty() && !block.isEvent() && Long.parseLong(block.id()) >= revision) {
        return events;
      }
    }
  }

  /// How the stream ends: empty when it ends as HTTP has it, else what went wrong.
  Optional<String> end() throws InterruptedException {
    while (true) {
      Block block = next();
      if (block.end()) {
        return Optional.of(block.failure()).filter(failure -> !failure.isEmpty());
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

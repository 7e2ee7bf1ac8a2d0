package io.heddle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The controller's API, for one command.
final class Api {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

  /// Longer than the longest `?wait=realized`.
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(330);

  private static final int PAGE = 500;
  private static final int UNAUTHORIZED = 401;
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final URI server;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WITHIN)
          .build();

  Api(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  JsonNode get(String path, Map<String, String> query) {
    return send("GET", path, query, MissingNode.getInstance());
  }

  JsonNode post(String path, Map<String, String> query, ObjectNode body) {
    return send("POST", path, query, body);
  }

  JsonNode patch(String path, Map<String, String> query, ObjectNode body) {
    return send("PATCH", path, query, body);
  }

  void delete(String path, Map<String, String> query) {
    send("DELETE", path, query, MissingNode.getInstance());
  }

  /// The items of all pages, up to a limit.
  ArrayNode list(String path, Map<String, String> query, int limit) {
    ArrayNode items = JSON.createArrayNode();
    Map<String, String> next = new TreeMap<>(query);
    while (true) {
      next.put("limit", Integer.toString(Math.min(PAGE, limit - items.size())));
      JsonNode page = get(path, next);
      page.path("items").forEach(items::add);
      if (!page.has("nextPageToken") || items.size() >= limit) {
        return items;
      }
      next.put("pageToken", page.path("nextPageToken").asText());
    }
  }

  /// The id of what the operator calls by name or id.
  String idOf(ResourceKind kind, String nameOrId, Map<String, String> scope) {
    if (kind.hasNamesForIds() || UUID.matcher(nameOrId).matches()) {
      return nameOrId;
    }
    Map<String, String> query = new TreeMap<>(scope);
    query.put("name", nameOrId);
    ArrayNode found = list(kind.path(), query, PAGE);
    if (found.size() == 1) {
      return found.get(0).path("id").asText();
    }
    if (found.isEmpty()) {
      throw Failure.refused(
          "there is no %s named '%s'; 'heddle %s list' shows what there is"
              .formatted(kind.word(), nameOrId, kind.word()));
    }
    StringJoiner ids = new StringJoiner("\n  ");
    found.forEach(each -> ids.add(each.path("id").asText()));
    throw Failure.refused(
        "%d %ss are named '%s'; say which by its id:\n  %s"
            .formatted(found.size(), kind.word(), nameOrId, ids));
  }

  private JsonNode send(String method, String path, Map<String, String> query, JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path + text(query)))
            .timeout(ANSWER_WITHIN)
            .header("Authorization", "Bearer " + token);
    if (body.isMissingNode()) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(body.toString()));
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      JsonNode json = json(response);
      if (response.statusCode() >= 300) {
        throw refusal(response.statusCode(), json);
      }
      return json;
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.UNREACHABLE, "interrupted");
    }
  }

  private static String text(Map<String, String> query) {
    StringJoiner text = new StringJoiner("&", "?", "").setEmptyValue("");
    query.forEach(
        (name, value) -> text.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }

  private JsonNode json(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (!type.endsWith("json")) {
      if (response.statusCode() < 300) {
        return MissingNode.getInstance();
      }
      throw new Failure(
          ExitCode.UNREACHABLE,
          "%s answered %d and does not look like a Heddle controller; check --server or HEDDLE_SERVER"
              .formatted(server, response.statusCode()));
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new Failure(ExitCode.UNREACHABLE, server + " answered with broken JSON");
    }
  }

  private Failure refusal(int status, JsonNode problem) {
    StringBuilder text = new StringBuilder(problem.path("detail").asText("status " + status));
    if (problem.has("field")) {
      text.append("\n  field: ").append(problem.path("field").asText());
    }
    problem
        .path("conflicts")
        .forEach(conflict -> text.append("\n  in the way: ").append(conflict.asText()));
    if (status == UNAUTHORIZED) {
      text.append(
          "\n  name the token with --token-file FILE or HEDDLE_TOKEN;"
              + " a single node keeps its admin's in DATA/admin-token");
    }
    return Failure.refused(text.toString());
  }

  private Failure unreachable(IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new Failure(
        ExitCode.UNREACHABLE,
        """
        can't reach a controller at %s (%s)
          start one here: ./heddle serve
          or name another: --server URL, or HEDDLE_SERVER=URL\
        """
            .formatted(server, why));
  }
}

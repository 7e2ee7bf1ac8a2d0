package io.heddle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The controller's API, for one command.
final class Api {

  static final ObjectMapper JSON = new ObjectMapper();

  /// Longer than the longest `?wait=realized`.
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(330);

  private static final int PAGE = 500;
  private static final int UNAUTHORIZED = 401;
  private static final Pattern UUIDS =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final Servers servers;
  private final String token;

  Api(Servers servers, String token) {
    this.servers = servers;
    this.token = token;
  }

  JsonNode get(String path, Map<String, String> query) {
    return json(servers.ask(request("GET", path, query, MissingNode.getInstance()), true));
  }

  /// Creates something. The request has a key of its own, so that it may be sent to another server
  /// when one falls silent.
  JsonNode post(String path, Map<String, String> query, ObjectNode body) {
    String key = UUID.randomUUID().toString();
    Servers.Asking creation = request("POST", path, query, body);
    return json(servers.ask(at -> creation.at(at).header("Idempotency-Key", key), true));
  }

  /// Asks for something to be done, once.
  JsonNode call(String path, Map<String, String> query, ObjectNode body) {
    return json(servers.ask(request("POST", path, query, body), false));
  }

  /// Asks for something that is the same when done twice, and needs no words.
  JsonNode call(String path, Map<String, String> query) {
    return json(servers.ask(request("POST", path, query, JSON.missingNode()), true));
  }

  JsonNode patch(String path, Map<String, String> query, ObjectNode body) {
    return json(servers.ask(request("PATCH", path, query, body), false));
  }

  /// Makes something be as it is written; saying it twice is saying it once.
  JsonNode put(String path, Map<String, String> query, String mediaType, String body) {
    String target = path + text(query);
    return json(
        servers.ask(
            at ->
                to(at, target)
                    .timeout(ANSWER_WITHIN)
                    .header("Content-Type", mediaType)
                    .PUT(BodyPublishers.ofString(body)),
            true));
  }

  /// Changes the resource, unless somebody else has since it was read at that revision.
  void patchIfMatch(String path, Map<String, String> query, ObjectNode body, long revision) {
    String tag = "\"" + revision + "\"";
    Servers.Asking change = request("PATCH", path, query, body);
    json(servers.ask(at -> change.at(at).header("If-Match", tag), false));
  }

  void delete(String path, Map<String, String> query) {
    json(servers.ask(request("DELETE", path, query, MissingNode.getInstance()), false));
  }

  /// A stream of lines, from now on.
  ///
  /// @param lastEventId what was heard already; empty for nothing
  HttpResponse<Stream<String>> follow(String path, Map<String, String> query, String lastEventId) {
    String target = path + text(query);
    HttpResponse<Stream<String>> response =
        servers.follow(at -> {
          HttpRequest.Builder request = to(at, target);
          return lastEventId.isEmpty() ? request : request.header("Last-Event-ID", lastEventId);
        });
    if (response.statusCode() >= 300) {
      try (Stream<String> lines = response.body()) {
        throw refusal(response.statusCode(), parsed(response, String.join("\n", lines.toList())));
      }
    }
    return response;
  }

  /// The next server, where the one that was followed is gone.
  void moveOn() {
    servers.moveOn();
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
    if (kind.hasNamesForIds() || UUIDS.matcher(nameOrId).matches()) {
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

  private Servers.Asking request(
      String method, String path, Map<String, String> query, JsonNode body) {
    String target = path + text(query);
    return at -> {
      HttpRequest.Builder request = to(at, target).timeout(ANSWER_WITHIN);
      return body.isMissingNode()
          ? request.method(method, BodyPublishers.noBody())
          : request
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body.toString()));
    };
  }

  private HttpRequest.Builder to(URI server, String target) {
    return HttpRequest.newBuilder(server.resolve(target))
        .header("Authorization", "Bearer " + token);
  }

  private static String text(Map<String, String> query) {
    StringJoiner text = new StringJoiner("&", "?", "").setEmptyValue("");
    query.forEach(
        (name, value) -> text.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }

  private static JsonNode json(HttpResponse<String> response) {
    JsonNode json = parsed(response, response.body());
    if (response.statusCode() >= 300) {
      throw refusal(response.statusCode(), json);
    }
    return json;
  }

  private static JsonNode parsed(HttpResponse<?> response, String body) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (!type.endsWith("json")) {
      if (response.statusCode() < 300) {
        return MissingNode.getInstance();
      }
      throw new Failure(
          ExitCode.UNREACHABLE,
          "%s answered %d and does not look like a Heddle controller; check --server or HEDDLE_SERVER"
              .formatted(response.uri(), response.statusCode()));
    }
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new Failure(ExitCode.UNREACHABLE, response.uri() + " answered with broken JSON");
    }
  }

  private static Failure refusal(int status, JsonNode problem) {
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
}

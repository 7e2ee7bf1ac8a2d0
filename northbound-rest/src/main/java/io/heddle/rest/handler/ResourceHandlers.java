package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Key;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.core.store.Submission;
import io.heddle.rest.handler.Writes.Dry;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.Fields;
import io.heddle.rest.resource.Filter;
import io.heddle.rest.resource.Representation;
import io.heddle.rest.resource.ResourceType;
import io.heddle.rest.resource.ResourceType.Creatable;
import io.heddle.rest.resource.Scene;
import io.heddle.rest.spi.Controller;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The verbs of one resource type.
public final class ResourceHandlers<R extends Resource> {

  private final ResourceType<R> type;
  private final Controller controller;
  private final Writes writes;
  private final Supplier<UUID> ids;

  public ResourceHandlers(
      ResourceType<R> type, Controller controller, Writes writes, Supplier<UUID> ids) {
    this.type = type;
    this.controller = controller;
    this.writes = writes;
    this.ids = ids;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    Map<String, Handler> handlers = new LinkedHashMap<>();
    handlers.put("list" + type.singular() + "s", this::list);
    handlers.put("read" + type.singular(), this::read);
    handlers.put("update" + type.singular(), Handler.deciding(this::update, this::recallUpdate));
    handlers.put(
        "delete" + type.singular(),
        Handler.deciding(
            this::delete,
            (request, recalled) ->
                writes.recall(request, recalled.revision(), () -> Reply.empty(204))));
    if (type instanceof Creatable<R> creatable) {
      handlers.put(
          "create" + type.singular(),
          Handler.deciding(request -> create(creatable, request), this::recallCreation));
    }
    return handlers;
  }

  private Reply list(Request request) {
    request.require(type.toRead());
    Image image = controller.image();
    Scene scene = new Scene.Live(image, controller);
    Stream<R> matches =
        candidates(request, scene).stream().filter(row -> exists(type, row, request));
    for (Map.Entry<Filter<R>, String> asked : filters(request).entrySet()) {
      matches = matches.filter(row -> asked.getKey().matches(row, image, asked.getValue()));
    }
    if (request.parameter("name").isPresent()) {
      String name = request.path("name");
      matches = matches.filter(row -> row.meta().name().equals(name));
    }
    if (request.parameter("project").isPresent()) {
      ProjectId project = new ProjectId(request.path("project"));
      matches = matches.filter(row -> type.projects(row).contains(project));
    }
    Page<R> page =
        Page.of(
            matches, request.number("limit", Page.DEFAULT_LIMIT), request.parameter("pageToken"));
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.rows().forEach(row -> items.add(Representation.of(type, row, scene)));
    page.nextToken().ifPresent(token -> json.put("nextPageToken", token));
    return Reply.json(200, json).at(image.revision());
  }

  /// As few rows as an index gives that hold all matches.
  private Collection<R> candidates(Request request, Scene scene) {
    for (Map.Entry<Filter<R>, String> asked : filters(request).entrySet()) {
      return asked.getKey().candidates().apply(scene.image(), asked.getValue());
    }
    ProjectId project =
        request.parameter("project").map(ProjectId::new).orElse(request.caller().project());
    return project == null ? scene.image().all(type.kind()) : type.of(project, scene);
  }

  private Map<Filter<R>, String> filters(Request request) {
    Map<Filter<R>, String> asked = new LinkedHashMap<>();
    for (Filter<R> filter : type.filters()) {
      request
          .parameter(filter.name())
          .ifPresent(
              text -> asked.put(filter, Fields.parsed(filter.name(), text, filter.canonical())));
    }
    return asked;
  }

  private Reply read(Request request) {
    request.require(type.toRead());
    Image image = controller.image();
    return show(existing(request, image), 200, new Scene.Live(image, controller))
        .at(image.revision());
  }

  /// The row that the path names, if it exists for the caller.
  R existing(Request request, Image image) {
    return existing(type, request, image);
  }

  static <R extends Resource> R existing(ResourceType<R> type, Request request, Image image) {
    Key<R> key = Fields.parsed("id", request.path("id"), type.kind().parseKey());
    return image
        .find(key)
        .filter(row -> exists(type, row, request))
        .orElseThrow(() ->
            new Refusal(HttpProblem.notFound("there is no %s %s".formatted(type.kind(), key))));
  }

  private static <R extends Resource> boolean exists(ResourceType<R> type, R row, Request request) {
    return type.projects(row).stream().anyMatch(request.caller()::sees);
  }

  private Reply show(R row, int status, Scene scene) {
    return Reply.json(status, Representation.of(type, row, scene)).with("ETag", etag(row));
  }

  static String etag(Resource row) {
    return "\"" + row.meta().revision() + "\"";
  }

  private Reply create(Creatable<R> creatable, Request request) throws InterruptedException {
    request.require(type.toWrite());
    boolean listed = request.body().has("items");
    List<Command<R>> creations = new ArrayList<>();
    ProjectId project = request.caller().home();
    for (Fields fields : bodies(request.body(), listed)) {
      project = project(request, fields);
      creations.add(creatable.creation(fields, project, ids));
    }
    CreateAll<R> command = new CreateAll<>(creations, listed);
    if (request.isDryRun()) {
      Dry<List<R>> dry = writes.decide(command);
      return Reply.json(200, created(dry.result(), listed, new Scene.Decided(dry.image())));
    }
    Submission<List<R>> submission =
        new Submission<>(
                command,
                request.caller().subject(),
                summary(request.body(), listed, creations.size()),
                repeatable(request, project, listed))
            .inTurnOf(project);
    return writes.commit(
        request,
        submission,
        new Writes.Show<>() {
          @Override
          public Reply committed(List<R> rows, Image image) {
            return answer(rows, listed, image);
          }

          @Override
          public Reply replayed(String kept) {
            return answer(Json.parse(kept), listed);
          }
        });
  }

  @SuppressWarnings("unchecked") // a row's key has the type of the row
  private Key<R> key(R row) {
    return (Key<R>) row.key();
  }

  private static List<Fields> bodies(JsonNode body, boolean listed) {
    return listed
        ? new Fields(body, "").objects("items").orElse(List.of())
        : List.of(new Fields(body, ""));
  }

  /// Whose what is created will be.
  static ProjectId project(Request request, Fields fields) {
    ProjectId asked =
        fields
            .value("project", ProjectId::new)
            .or(() -> request.parameter("project").map(ProjectId::new))
            .orElse(request.caller().home());
    if (!request.caller().sees(asked)) {
      throw new Refusal(
          HttpProblem.forbidden(
              "%s may create in project %s only, not in %s"
                  .formatted(request.caller().subject(), request.caller().home(), asked)));
    }
    return asked;
  }

  private String summary(JsonNode body, boolean listed, int count) {
    return listed
        ? "create %d %s".formatted(count, type.path())
        : "create %s %s".formatted(type.kind(), body.path("name").asText("")).strip();
  }

  private Submission.@Nullable Repeatable<List<R>> repeatable(
      Request request, ProjectId project, boolean listed) {
    return request
        .parameter("Idempotency-Key")
        .map(key ->
            new Submission.Repeatable<List<R>>(
                project,
                key,
                request.digest(),
                rows -> created(rows, listed, new Scene.Decided(Image.EMPTY)).toString()))
        .orElse(null);
  }

  private JsonNode created(List<R> rows, boolean listed, Scene scene) {
    if (!listed) {
      return Representation.of(type, rows.getFirst(), scene);
    }
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    rows.forEach(row -> items.add(Representation.of(type, row, scene)));
    return json;
  }

  private Reply recallCreation(Request request, Recalled recalled) throws InterruptedException {
    List<R> rows = recalled.put(type.kind());
    return writes.recall(
        request,
        recalled.revision(),
        () -> answer(rows, request.body().has("items"), controller.image()));
  }

  private Reply answer(List<R> rows, boolean listed, Image image) {
    List<R> now = rows.stream().map(row -> image.find(key(row)).orElse(row)).toList();
    return answer(created(now, listed, new Scene.Live(image, controller)), listed);
  }

  private Reply answer(JsonNode json, boolean listed) {
    Reply reply = Reply.json(201, json);
    return listed
        ? reply.with("Location", "/v1/" + type.path())
        : reply
            .with("Location", "/v1/%s/%s".formatted(type.path(), json.path("id").asText()))
            .with("ETag", "\"" + json.path("revision").asText() + "\"");
  }

  private Reply update(Request request) throws InterruptedException {
    request.require(type.toWrite());
    R row = existing(request, controller.image());
    if (!request.caller().sees(row.meta().project())) {
      throw new Refusal(
          HttpProblem.forbidden(
              "%s %s is another project's to change".formatted(type.kind(), row.key())));
    }
    Fields patch = new Fields(request.body(), "");
    MergePatch<R> command = new MergePatch<>(type, key(row), patch, request.ifMatch());
    if (request.isDryRun()) {
      Dry<R> dry = writes.decide(command);
      return show(dry.result(), 200, new Scene.Decided(dry.image()));
    }
    return writes.commit(request, submission(request, command, "update", row), this::updated);
  }

  private Reply updated(R row, Image image) {
    return show(image.find(key(row)).orElse(row), 200, new Scene.Live(image, controller));
  }

  private Reply recallUpdate(Request request, Recalled recalled) throws InterruptedException {
    String id = request.path("id");
    R row =
        recalled.put(type.kind()).stream()
            .filter(each -> each.key().toString().equalsIgnoreCase(id))
            .findFirst()
            .orElseThrow();
    return writes.recall(request, recalled.revision(), () -> updated(row, controller.image()));
  }

  private Reply delete(Request request) throws InterruptedException {
    request.require(type.toWrite());
    R row = existing(request, controller.image());
    ProjectId owner = row.meta().project();
    ProjectId by = request.caller().sees(owner) ? owner : request.caller().home();
    Command<R> command = type.deletion(row, by, request.ifMatch());
    if (request.isDryRun()) {
      writes.decide(command);
      return Reply.empty(204);
    }
    return writes.commit(
        request, submission(request, command, "delete", row), (gone, image) -> Reply.empty(204));
  }

  private Submission<R> submission(Request request, Command<R> command, String verb, R row) {
    String name = row.meta().name().isEmpty() ? row.key().toString() : row.meta().name();
    return Submission.of(
            command, request.caller().subject(), "%s %s %s".formatted(verb, type.kind(), name))
        .inTurnOf(row.meta().project());
  }
}

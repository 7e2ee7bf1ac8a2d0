package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Host;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.http.RequestId;
import io.heddle.rest.spi.Controller;
import io.heddle.rest.spi.Controller.HostState;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// `/v1/revisions`: what changed, by whom, when, and how far each host has realised it.
///
/// Of the rows that a revision touched it names resources and bindings. Allocations are left out,
/// and no row's content is shown: among them is the key of the cookies.
public final class RevisionHandlers {

  private final Controller controller;

  public RevisionHandlers(Controller controller) {
    this.controller = controller;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of("listRevisions", this::list, "readRevision", this::read);
  }

  private Reply list(Request request) throws IOException, InterruptedException {
    request.require(Role.OPERATOR);
    Image image = controller.image();
    int limit = request.number("limit", Page.DEFAULT_LIMIT);
    long last = request.parameter("pageToken").map(RevisionHandlers::last).orElse(image.revision());
    long first = Math.max(1, last - limit + 1);
    List<Batch> batches =
        controller.history(first, limit).stream()
            .filter(batch -> batch.revision() >= first && batch.revision() <= last)
            .sorted(Comparator.comparingLong(Batch::revision).reversed())
            .toList();
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    batches.forEach(batch -> items.add(json(batch, image)));
    if (first > 1 && !batches.isEmpty()) {
      json.put("nextPageToken", Page.tokenOf(Long.toString(first - 1)));
    }
    return Reply.json(200, json).at(image.revision());
  }

  private static long last(String token) {
    String text = Page.keyIn(token);
    if (!text.matches("[0-9]{1,18}")) {
      throw new Refusal(
          HttpProblem.invalid(
              "pageToken", "'%s' is not a page token of revisions".formatted(token)));
    }
    return Long.parseLong(text);
  }

  private Reply read(Request request) throws IOException, InterruptedException {
    request.require(Role.OPERATOR);
    Image image = controller.image();
    long wanted = Long.parseLong(request.path("n"));
    for (Batch batch : controller.history(wanted, 1)) {
      if (batch.revision() == wanted) {
        return Reply.json(200, json(batch, image)).at(image.revision());
      }
    }
    throw new Refusal(
        HttpProblem.notFound(
            "there is no revision %d in the history, which ends at %d"
                .formatted(wanted, image.revision())));
  }

  private ObjectNode json(Batch batch, Image image) {
    ObjectNode json =
        Json.object().put("revision", batch.revision()).put("at", batch.at().toString());
    ArrayNode commands = json.putArray("commands");
    for (Batch.Entry entry : batch.entries()) {
      ObjectNode command =
          commands
              .addObject()
              .put("author", entry.author())
              .put("summary", entry.summary())
              .put("requestId", RequestId.shown(entry.request()));
      ArrayNode changes = command.putArray("changes");
      entry.facts().stream()
          .filter(fact -> isShown(fact.key().kind()))
          .forEach(fact -> describe(fact, changes.addObject()));
    }
    ArrayNode hosts = json.putArray("hosts");
    image.all(Host.KIND).stream()
        .sorted(Comparator.comparing(Host::id))
        .forEach(host -> describe(host, batch.revision(), hosts.addObject()));
    return json;
  }

  private static boolean isShown(Kind<?> kind) {
    return Resource.class.isAssignableFrom(kind.type()) || kind.equals(Binding.KIND);
  }

  private static void describe(Fact fact, ObjectNode json) {
    Key<?> key = fact.key();
    json.put(
            "change",
            switch (fact) {
              case Fact.Put put -> "put";
              case Fact.Delete delete -> "delete";
            })
        .put("kind", key.kind().name())
        .put("id", key.toString());
  }

  private void describe(Host host, long revision, ObjectNode json) {
    HostState state = controller.host(host.id());
    json.put("hostId", host.id().value())
        .put("connected", state.connected())
        .put("realized", state.realizedRevision() >= revision);
  }
}

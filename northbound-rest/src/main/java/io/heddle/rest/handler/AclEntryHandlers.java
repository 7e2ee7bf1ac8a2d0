package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Direction;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.core.store.Submission;
import io.heddle.firewall.command.AddAclEntry;
import io.heddle.firewall.command.RemoveAclEntry;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.AclEntries;
import io.heddle.rest.resource.Fields;
import io.heddle.rest.spi.Controller;
import java.util.Map;

/// `/v1/network-acls/{id}/entries`: one entry at a time, so that two who change an ACL do not
/// overwrite each other. An entry is known by its direction and number.
public final class AclEntryHandlers {

  private final Controller controller;
  private final Writes writes;

  public AclEntryHandlers(Controller controller, Writes writes) {
    this.controller = controller;
    this.writes = writes;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of(
        "listNetworkAclEntries",
        this::list,
        "createNetworkAclEntry",
        Handler.deciding(this::create, this::recallCreation),
        "readNetworkAclEntry",
        this::read,
        "deleteNetworkAclEntry",
        Handler.deciding(
            this::delete,
            (request, recalled) ->
                writes.recall(request, recalled.revision(), () -> Reply.empty(204))));
  }

  private Reply list(Request request) {
    request.require(Role.READER);
    Image image = controller.image();
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    acl(request, image).entries().forEach(entry -> items.add(AclEntries.json(entry)));
    return Reply.json(200, json).at(image.revision());
  }

  private Reply read(Request request) {
    request.require(Role.READER);
    Image image = controller.image();
    NetworkAcl acl = acl(request, image);
    Direction direction = direction(request);
    int number = Integer.parseInt(request.path("number"));
    NetworkAcl.Entry found =
        acl.entries().stream()
            .filter(entry -> entry.direction() == direction && entry.number() == number)
            .findFirst()
            .orElseThrow(() ->
                new Refusal(
                    HttpProblem.notFound(
                        "network ACL %s has no %s entry %d"
                            .formatted(acl.id(), request.path("direction"), number))));
    return Reply.json(200, AclEntries.json(found))
        .with("ETag", ResourceHandlers.etag(acl))
        .at(image.revision());
  }

  private Reply create(Request request) throws InterruptedException {
    request.require(Role.MEMBER);
    NetworkAcl acl = acl(request, controller.image());
    NetworkAcl.Entry entry = AclEntries.read(new Fields(request.body(), ""));
    Command<NetworkAcl> command =
        new AddAclEntry(acl.id(), acl.meta().project(), request.ifMatch(), entry);
    JsonNode json = AclEntries.json(entry);
    if (request.isDryRun()) {
      writes.decide(command);
      return Reply.json(200, json);
    }
    Submission.Repeatable<NetworkAcl> repeatable =
        request
            .parameter("Idempotency-Key")
            .map(key ->
                new Submission.Repeatable<NetworkAcl>(
                    acl.meta().project(), key, request.digest(), kept -> json.toString()))
            .orElse(null);
    return writes.commit(
        request,
        new Submission<>(
                command, request.caller().subject(), summary("add an entry to", acl), repeatable)
            .inTurnOf(acl.meta().project()),
        new Writes.Show<>() {
          @Override
          public Reply committed(NetworkAcl updated, Image image) {
            return created(acl, json).with("ETag", ResourceHandlers.etag(updated));
          }

          @Override
          public Reply replayed(String kept) {
            return created(acl, Json.parse(kept));
          }
        });
  }

  private Reply recallCreation(Request request, Recalled recalled) throws InterruptedException {
    NetworkAcl acl = recalled.put(NetworkAcl.KIND).getLast();
    JsonNode json = AclEntries.json(AclEntries.read(new Fields(request.body(), "")));
    return writes.recall(
        request,
        recalled.revision(),
        () -> created(acl, json).with("ETag", ResourceHandlers.etag(acl)));
  }

  private static Reply created(NetworkAcl acl, JsonNode json) {
    return Reply.json(201, json)
        .with(
            "Location",
            "/v1/network-acls/%s/entries/%s/%d"
                .formatted(acl.id(), json.path("direction").asText(), json.path("number").asInt()));
  }

  private Reply delete(Request request) throws InterruptedException {
    request.require(Role.MEMBER);
    NetworkAcl acl = acl(request, controller.image());
    Command<NetworkAcl> command =
        new RemoveAclEntry(
            acl.id(),
            acl.meta().project(),
            request.ifMatch(),
            direction(request),
            Integer.parseInt(request.path("number")));
    if (request.isDryRun()) {
      writes.decide(command);
      return Reply.empty(204);
    }
    return writes.commit(
        request,
        Submission.of(command, request.caller().subject(), summary("remove an entry from", acl))
            .inTurnOf(acl.meta().project()),
        (updated, image) -> Reply.empty(204));
  }

  private static Direction direction(Request request) {
    return request.path("direction").equals("ingress") ? Direction.INGRESS : Direction.EGRESS;
  }

  private static String summary(String verb, NetworkAcl acl) {
    String name = acl.meta().name().isEmpty() ? acl.id().toString() : acl.meta().name();
    return "%s network-acl %s".formatted(verb, name);
  }

  private static NetworkAcl acl(Request request, Image image) {
    NetworkAclId id = NetworkAclId.parse(request.path("id"));
    return image
        .find(id)
        .filter(acl -> request.caller().sees(acl.meta().project()))
        .orElseThrow(() -> new Refusal(HttpProblem.notFound("there is no network-acl " + id)));
  }
}

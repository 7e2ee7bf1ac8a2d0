package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.core.store.Submission;
import io.heddle.firewall.command.AddSecurityRule;
import io.heddle.firewall.command.RemoveSecurityRule;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.Fields;
import io.heddle.rest.resource.SecurityRules;
import io.heddle.rest.spi.Controller;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/security-groups/{id}/rules`: one rule at a time, so that two who add rules to a group do
/// not overwrite each other.
public final class RuleHandlers {

  private final Controller controller;
  private final Writes writes;
  private final Supplier<UUID> ids;

  public RuleHandlers(Controller controller, Writes writes, Supplier<UUID> ids) {
    this.controller = controller;
    this.writes = writes;
    this.ids = ids;
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of(
        "listSecurityRules",
        this::list,
        "createSecurityRule",
        Handler.deciding(this::create, this::recallCreation),
        "readSecurityRule",
        this::read,
        "deleteSecurityRule",
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
    group(request, image).rules().forEach(rule -> items.add(SecurityRules.json(rule)));
    return Reply.json(200, json).at(image.revision());
  }

  private Reply read(Request request) {
    request.require(Role.READER);
    Image image = controller.image();
    SecurityGroup group = group(request, image);
    UUID wanted = UUID.fromString(request.path("ruleId"));
    SecurityRule rule =
        group.rules().stream()
            .filter(each -> each.id().equals(wanted))
            .findFirst()
            .orElseThrow(() ->
                new Refusal(
                    HttpProblem.notFound(
                        "security group %s has no rule %s".formatted(group.id(), wanted))));
    return Reply.json(200, SecurityRules.json(rule))
        .with("ETag", ResourceHandlers.etag(group))
        .at(image.revision());
  }

  private Reply create(Request request) throws InterruptedException {
    request.require(Role.MEMBER);
    SecurityGroup group = group(request, controller.image());
    SecurityRule rule = SecurityRules.read(new Fields(request.body(), ""), ids.get());
    Command<SecurityGroup> command =
        new AddSecurityRule(group.id(), group.meta().project(), request.ifMatch(), rule);
    JsonNode json = SecurityRules.json(rule);
    if (request.isDryRun()) {
      writes.decide(command);
      return Reply.json(200, json);
    }
    Submission.Repeatable<SecurityGroup> repeatable =
        request
            .parameter("Idempotency-Key")
            .map(key ->
                new Submission.Repeatable<SecurityGroup>(
                    group.meta().project(), key, request.digest(), kept -> json.toString()))
            .orElse(null);
    return writes.commit(
        request,
        new Submission<>(
                command, request.caller().subject(), summary("add a rule to", group), repeatable)
            .inTurnOf(group.meta().project()),
        new Writes.Show<>() {
          @Override
          public Reply committed(SecurityGroup updated, Image image) {
            return created(group, json).with("ETag", ResourceHandlers.etag(updated));
          }

          @Override
          public Reply replayed(String kept) {
            return created(group, Json.parse(kept));
          }
        });
  }

  /// The rule that the group got is the one that reads as the request does.
  private Reply recallCreation(Request request, Recalled recalled) throws InterruptedException {
    SecurityGroup group = recalled.put(SecurityGroup.KIND).getLast();
    Fields asked = new Fields(request.body(), "");
    SecurityRule added =
        group.rules().reversed().stream()
            .filter(rule -> SecurityRules.read(asked, rule.id()).equals(rule))
            .findFirst()
            .orElseThrow();
    return writes.recall(
        request,
        recalled.revision(),
        () -> created(group, SecurityRules.json(added)).with("ETag", ResourceHandlers.etag(group)));
  }

  private static Reply created(SecurityGroup group, JsonNode json) {
    return Reply.json(201, json)
        .with(
            "Location",
            "/v1/security-groups/%s/rules/%s".formatted(group.id(), json.path("id").asText()));
  }

  private Reply delete(Request request) throws InterruptedException {
    request.require(Role.MEMBER);
    SecurityGroup group = group(request, controller.image());
    Command<SecurityGroup> command =
        new RemoveSecurityRule(
            group.id(),
            group.meta().project(),
            request.ifMatch(),
            UUID.fromString(request.path("ruleId")));
    if (request.isDryRun()) {
      writes.decide(command);
      return Reply.empty(204);
    }
    return writes.commit(
        request,
        Submission.of(command, request.caller().subject(), summary("remove a rule from", group))
            .inTurnOf(group.meta().project()),
        (updated, image) -> Reply.empty(204));
  }

  private static String summary(String verb, SecurityGroup group) {
    String name = group.meta().name().isEmpty() ? group.id().toString() : group.meta().name();
    return "%s security-group %s".formatted(verb, name);
  }

  static SecurityGroup group(Request request, Image image) {
    SecurityGroupId id = SecurityGroupId.parse(request.path("id"));
    return image
        .find(id)
        .filter(group -> request.caller().sees(group.meta().project()))
        .orElseThrow(() -> new Refusal(HttpProblem.notFound("there is no security-group " + id)));
  }
}

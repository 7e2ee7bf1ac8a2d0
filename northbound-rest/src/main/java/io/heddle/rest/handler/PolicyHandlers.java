package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.store.Image;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.PolicyLogEntries;
import io.heddle.rest.resource.PortPolicy;
import io.heddle.rest.resource.SecurityRules;
import io.heddle.rest.spi.Backend;
import io.heddle.rest.spi.Controller;
import io.heddle.rest.spi.PolicyWatch;
import io.heddle.rest.spi.PolicyWatch.Count;
import io.heddle.rest.spi.PolicyWatch.Hits;
import io.heddle.rest.spi.PolicyWatch.Tail;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `/v1/ports/{id}/policy`, what decides over a port's packets, and `/v1/security-groups/{id}/hits`
/// and `.../log`, what has been decided so far.
public final class PolicyHandlers {

  /// Longer than all nodes together take to answer, or to be given up.
  private static final int PATIENCE_SECONDS = 20;

  private static final int DEFAULT_ENTRIES = 100;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Controller controller;
  private final PolicyWatch watch;

  public PolicyHandlers(Backend backend) {
    this.controller = backend.controller();
    this.watch = backend.policyWatch();
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of(
        "readPortPolicy",
        this::read,
        "readSecurityGroupHits",
        this::hits,
        "readSecurityGroupLog",
        this::log);
  }

  private Reply read(Request request) {
    request.require(Role.READER);
    Image image = controller.image();
    PortId id = PortId.parse(request.path("id"));
    Port port =
        image
            .find(id)
            .filter(each -> request.caller().sees(each.meta().project()))
            .orElseThrow(() -> new Refusal(HttpProblem.notFound("there is no port " + id)));
    return Reply.json(200, PortPolicy.json(port, image)).at(image.revision());
  }

  private Reply hits(Request request) throws InterruptedException {
    request.require(Role.READER);
    Image image = controller.image();
    SecurityGroup group = RuleHandlers.group(request, image);
    Hits hits = await(watch.hits(group.id()));
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    for (SecurityRule rule : group.rules()) {
      Count count = hits.rules().getOrDefault(rule.id(), Count.NONE);
      items.add(
          SecurityRules.json(rule).put("packets", count.packets()).put("bytes", count.bytes()));
    }
    json.put("hosts", hits.hosts().size())
        .put("silent", hits.silentHosts().size() + hits.silentNodes().size());
    return Reply.json(200, json).at(image.revision());
  }

  private Reply log(Request request) throws InterruptedException {
    request.require(Role.READER);
    Image image = controller.image();
    SecurityGroup group = RuleHandlers.group(request, image);
    Tail tail = await(watch.log(group.id(), request.number("limit", DEFAULT_ENTRIES)));
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    tail.entries().forEach(entry -> items.add(PolicyLogEntries.json(entry)));
    json.put("silent", tail.silentNodes().size());
    return Reply.json(200, json).at(image.revision());
  }

  private static <T> T await(CompletionStage<T> answer) throws InterruptedException {
    try {
      return answer.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Refusal(
          HttpProblem.unavailable(
              "the nodes did not say what they know in time; ask again", RETRY_AFTER));
    }
  }
}

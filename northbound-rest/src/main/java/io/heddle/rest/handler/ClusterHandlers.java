package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Leadership;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.store.Image;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Reply;
import io.heddle.rest.resource.Fields;
import io.heddle.rest.spi.Backend;
import io.heddle.rest.spi.Cluster;
import io.heddle.rest.spi.Cluster.Cause;
import io.heddle.rest.spi.Cluster.Change;
import io.heddle.rest.spi.Cluster.MemberState;
import io.heddle.rest.spi.Controller;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `/v1/cluster`: the nodes, who of them leads, and changes of both. What is there comes from the
/// image, how it is from the node; changes are the leader's to make.
public final class ClusterHandlers {

  /// A new member has to catch up first: a snapshot of a large cloud takes a while.
  private static final Duration CHANGED_WITHIN = Duration.ofSeconds(30);

  private final Controller controller;
  private final Cluster cluster;

  public ClusterHandlers(Backend backend) {
    this.controller = backend.controller();
    this.cluster = backend.cluster();
  }

  /// By operation id.
  public Map<String, Handler> all() {
    return Map.of(
        "readCluster", this::read,
        "readMember", this::readMember,
        "addMember", Handler.deciding(this::add, (request, done) -> added(request)),
        "removeMember", Handler.deciding(this::remove, (request, done) -> Reply.empty(204)),
        "transferLeader", Handler.deciding(this::transfer, (request, done) -> status()));
  }

  private Reply read(Request request) {
    request.require(Role.OPERATOR);
    return status();
  }

  private Reply status() {
    Image image = controller.image();
    ObjectNode json = Json.object();
    image
        .find(io.heddle.core.model.Cluster.ID)
        .ifPresent(founded ->
            json.put("id", founded.clusterId().toString())
                .put("featureLevel", founded.featureLevel()));
    image.find(ClusterView.ID).ifPresent(view -> json.put("epoch", view.epoch()));
    json.put("term", image.find(Leadership.ID).map(Leadership::term).orElse(0L))
        .put("revision", image.revision())
        .put("node", cluster.self().value())
        .put("leader", cluster.leader().map(NodeName::value).orElse(null))
        .put("staleSeconds", controller.silence().map(Duration::toSeconds).orElse(0L));
    ArrayNode members = json.putArray("members");
    states(image).values().forEach(state -> members.add(json(state, image)));
    return Reply.json(200, json).at(image.revision());
  }

  /// Those that the node knows of, and those that once said where they are found.
  private Map<NodeName, MemberState> states(Image image) {
    Map<NodeName, MemberState> states = new TreeMap<>();
    for (Member member : image.all(Member.KIND)) {
      NodeName name = member.name();
      states.put(name, new MemberState(name, Cluster.Role.UNKNOWN, false, Optional.empty(), 0));
    }
    cluster.members().forEach(state -> states.put(state.name(), state));
    return states;
  }

  private static ObjectNode json(MemberState state, Image image) {
    NodeName name = state.name();
    Optional<Member> found = image.find(name);
    ObjectNode json =
        Json.object()
            .put("name", name.value())
            .put("raft", found.map(Member::raft).orElse(""))
            .put("calls", found.map(Member::calls).orElse(""))
            .put("api", found.map(Member::api).orElse(""))
            .put("ovsdb", found.map(Member::ovsdb).orElse(""))
            .put("openflow", found.map(Member::openflow).orElse(""))
            .put("role", state.role().name().toLowerCase(Locale.ROOT))
            .put("connected", state.connected())
            .put("lastContact", state.lastContact().map(Instant::toString).orElse(null))
            .put("switchesMastered", state.mastered());
    ArrayNode exceptions = json.putArray("exceptions");
    image
        .find(ClusterView.ID)
        .ifPresent(view ->
            view.exceptions()
                .forEach((host, worse) -> {
                  if (worse.contains(name.value())) {
                    exceptions.add(host.value());
                  }
                }));
    return json;
  }

  private Reply readMember(Request request) {
    request.require(Role.OPERATOR);
    Image image = controller.image();
    NodeName name = new NodeName(request.path("name"));
    MemberState state = states(image).get(name);
    if (state == null) {
      throw new Refusal(MemberProblems.notAMember(name, ""));
    }
    return Reply.json(200, json(state, image)).at(image.revision());
  }

  private Reply add(Request request) throws InterruptedException {
    request.require(Role.OPERATOR);
    Fields body = new Fields(request.body(), "");
    Member member =
        new Member(
            body.required("name", NodeName::new),
            body.required("raft", raft -> raft),
            body.text("calls").orElse(""),
            body.text("api").orElse(""),
            body.text("ovsdb").orElse(""),
            body.text("openflow").orElse(""));
    long revision = done(cluster.add(member, cause(request)), "name");
    return added(request).at(revision);
  }

  private Reply added(Request request) {
    Image image = controller.image();
    NodeName name = new NodeName(request.body().path("name").asText());
    MemberState state =
        states(image)
            .getOrDefault(
                name, new MemberState(name, Cluster.Role.JOINING, false, Optional.empty(), 0));
    return Reply.json(201, json(state, image))
        .with("Location", "/v1/cluster/members/" + name)
        .at(image.revision());
  }

  private Reply remove(Request request) throws InterruptedException {
    request.require(Role.OPERATOR);
    NodeName name = new NodeName(request.path("name"));
    return Reply.empty(204).at(done(cluster.remove(name, cause(request)), ""));
  }

  private Reply transfer(Request request) throws InterruptedException {
    request.require(Role.OPERATOR);
    JsonNode target = request.body().path("target");
    Optional<NodeName> named =
        target.isTextual() ? Optional.of(new NodeName(target.asText())) : Optional.empty();
    long revision = done(cluster.transferLeader(named, cause(request)), "target");
    return status().at(revision);
  }

  private static Cause cause(Request request) {
    return new Cause(request.caller().subject(), request.id().inLog());
  }

  /// @param field of the request that names the node; empty where the path does
  /// @return the revision at which it is so
  private static long done(CompletionStage<Change> change, String field)
      throws InterruptedException {
    return switch (outcome(change)) {
      case Change.Done(long revision) -> revision;
      case Change.NotLeading(String why) -> throw new NotLeading(why);
      case Change.Refused(Cluster.Obstacle why) -> throw new Refusal(MemberProblems.of(why, field));
    };
  }

  private static Change outcome(CompletionStage<Change> change) throws InterruptedException {
    try {
      return change.toCompletableFuture().get(CHANGED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("changing the cluster failed", e.getCause());
    } catch (TimeoutException e) {
      throw new Refusal(
          HttpProblem.of(
              504,
              "outcome-unknown",
              "Outcome unknown",
              "the cluster has not changed within %d s, and may change yet; read /v1/cluster before repeating it"
                  .formatted(CHANGED_WITHIN.toSeconds())));
    }
  }
}

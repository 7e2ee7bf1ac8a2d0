package io.heddle.testkit.api;

import io.heddle.testkit.lab.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Somebody who sets up networks over the API. What the controller refuses is an [AssertionError]
/// with its words.
public final class Tenant {
  /// A busy machine, several times over.
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /// Answers come when the connected switches have what was asked for.
  private static final String REALIZED = "?wait=realized&timeoutSeconds=20";

  private final Api api;

  public Tenant(Api api) {
    this.api = api;
  }

  public Api api() {
    return api;
  }

  public UUID vpc(String name, String cidr) {
    return created("/v1/vpcs", "{\"name\":\"%s\",\"cidrs\":[\"%s\"]}".formatted(name, cidr));
  }

  public UUID subnet(UUID vpc, String name, String cidr) {
    return created(
        "/v1/subnets",
        "{\"name\":\"%s\",\"vpcId\":\"%s\",\"cidr\":\"%s\"}".formatted(name, vpc, cidr));
  }

  /// A security group with rules like `{"direction":"egress"}`.
  public UUID group(UUID vpc, String name, String... rules) {
    return created(
        "/v1/security-groups",
        "{\"name\":\"%s\",\"vpcId\":\"%s\",\"rules\":[%s]}"
            .formatted(name, vpc, String.join(",", rules)));
  }

  /// Adds a rule; returns when the connected switches have it.
  public UUID allow(UUID group, String rule) {
    return created("/v1/security-groups/" + group + "/rules" + REALIZED, rule);
  }

  /// Takes a rule away; returns when the connected switches have done so.
  public void disallow(UUID group, UUID rule) {
    Api.Answer _ =
        api.delete("/v1/security-groups/%s/rules/%s%s".formatted(group, rule, REALIZED)).orFail();
  }

  /// The only rule of a group that admits a TCP port.
  public UUID ruleFor(UUID group, int port) {
    Api.Answer answer = api.get("/v1/security-groups/" + group).orFail();
    return StreamSupport.stream(answer.body().at("/rules").spliterator(), false)
        .filter(rule -> rule.at("/portFrom").asInt() == port)
        .map(rule -> UUID.fromString(rule.at("/id").asText()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no rule for port " + port + ": " + answer.body()));
  }

  /// A port in these groups, or in the VPC's default group where none is named.
  public Nic port(UUID subnet, String name, UUID... groups) {
    String named =
        groups.length == 0
            ? ""
            : List.of(groups).stream()
                .map(group -> "\"" + group + "\"")
                .collect(Collectors.joining(",", ",\"securityGroupIds\":[", "]"));
    String body = "{\"name\":\"%s\",\"subnetId\":\"%s\"%s}".formatted(name, subnet, named);
    return Nic.of(api.post("/v1/ports", body).orFail());
  }

  /// Deletes a port; returns when the connected switches have done so.
  public void delete(Nic nic) {
    Api.Answer _ = api.delete(nic.path() + REALIZED).orFail();
  }

  /// Waits until the port is plugged in and its host's switch has its flows.
  public Api.Answer awaitRealized(Nic nic) {
    return awaitBinding(nic, "realized");
  }

  /// Waits for a state of the port's binding: `unbound`, `bound` or `realized`.
  public Api.Answer awaitBinding(Nic nic, String state) {
    Api quiet = api.unobserved();
    return Await.value(
        LIMIT,
        "port %s to be %s".formatted(nic.address(), state),
        () ->
            Optional.of(quiet.get(nic.path()).orFail())
                .filter(port -> port.text("/binding/state").equals(state)));
  }

  /// Waits until a host is there and its switch is programmed.
  public Api.Answer awaitConnected(String systemId) {
    Api quiet = api.unobserved();
    return Await.value(
        LIMIT,
        "host " + systemId + " to be connected",
        () ->
            Optional.of(quiet.get("/v1/hosts/" + systemId))
                .filter(host -> host.accepted() && host.body().at("/connected").asBoolean()));
  }

  private UUID created(String path, String body) {
    return UUID.fromString(api.post(path, body).orFail().text("/id"));
  }
}

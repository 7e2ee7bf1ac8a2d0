package io.heddle.node.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Version;
import io.heddle.testkit.api.Api;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The resources that a load changes, and what each request for them comes to. A resource's value
/// is its label `v`. Any thread.
///
/// In a security group the value is a rule too, for the TCP port of that number: so one sees in a
/// switch whose write it obeys.
final class Resources {
  static final Kept NONE = new Kept("", "", OptionalLong.empty());

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int UNAVAILABLE = 503;
  private static final int SERVER_ERROR = 500;

  private final History history;
  private final UUID vpc;
  private final UUID subnet;
  private final List<String> groups = new CopyOnWriteArrayList<>();
  private final List<String> ports = new CopyOnWriteArrayList<>();
  private final Map<String, Kept> known = new ConcurrentHashMap<>();

  /// A resource as clients know it.
  ///
  /// @param key its name, which no other has
  /// @param path in the API
  /// @param revision that changed it last, as far as anybody was told
  record Kept(String key, String path, OptionalLong revision) {}

  Resources(History history, UUID vpc, UUID subnet) {
    this.history = history;
    this.vpc = vpc;
    this.subnet = subnet;
  }

  static String portName(int number) {
    return "p-" + number;
  }

  /// A group to be changed from now on.
  UUID addGroup(Api api) {
    int number = history.nextNumber();
    String key = "g-" + number;
    String value = Integer.toString(number);
    History.Begun begun = History.begin(number, key, new Operation.Action.Create(value));
    UUID[] id = new UUID[1];
    Ending ending =
        send(
            api,
            request(number, "POST", "/v1/security-groups", group(key, value)),
            answer -> {
              id[0] = UUID.fromString(answer.text("/id"));
              note(key, "/v1/security-groups/" + id[0], answer);
            });
    Ending _ = history.end(begun, "setup", ending);
    groups.add(key);
    return Objects.requireNonNull(id[0], () -> "no group: " + ending);
  }

  private String group(String key, String value) {
    return "{\"name\":\"%s\",\"vpcId\":\"%s\",\"labels\":{\"v\":\"%s\"},%s}"
        .formatted(key, vpc, value, rules(value));
  }

  private static String rules(String value) {
    return "\"rules\":[{\"direction\":\"ingress\",\"protocol\":\"tcp\",\"portFrom\":%s,\"portTo\":%s}]"
        .formatted(value, value);
  }

  Kept anyGroup(Random random) {
    return any(groups, random);
  }

  Kept anyPort(Random random) {
    return any(ports, random);
  }

  private Kept any(List<String> keys, Random random) {
    List<String> now = List.copyOf(keys);
    return now.isEmpty() ? NONE : known.getOrDefault(now.get(random.nextInt(now.size())), NONE);
  }

  Ending create(Api api, int number, String key, String value) {
    String body =
        "{\"name\":\"%s\",\"subnetId\":\"%s\",\"labels\":{\"v\":\"%s\"}}"
            .formatted(key, subnet, value);
    return send(
        api,
        request(number, "POST", "/v1/ports", body).idempotent(key),
        answer -> {
          note(key, "/v1/ports/" + answer.text("/id"), answer);
          ports.add(key);
        });
  }

  Ending change(Api api, int number, Kept target, OptionalLong expected) {
    String value = Integer.toString(number);
    String more = groups.contains(target.key()) ? "," + rules(value) : "";
    Api.Request request =
        request(
            number, "PATCH", target.path(), "{\"labels\":{\"v\":\"%s\"}%s}".formatted(value, more));
    return send(
        api, matching(request, expected), answer -> note(target.key(), target.path(), answer));
  }

  Ending delete(Api api, int number, Kept target, OptionalLong expected) {
    boolean _ = ports.remove(target.key());
    Api.Request request = request(number, "DELETE", target.path(), "");
    return send(api, matching(request, expected), _ -> {});
  }

  private static Api.Request request(int number, String method, String path, String body) {
    return Api.Request.of(method, path, body).named(Operation.request(number)).within(PATIENCE);
  }

  private static Api.Request matching(Api.Request request, OptionalLong expected) {
    return expected.isPresent() ? request.ifMatch(expected.getAsLong()) : request;
  }

  private void note(String key, String path, Api.Answer answer) {
    known.merge(
        key,
        new Kept(key, path, OptionalLong.of(answer.body().at("/revision").asLong())),
        (old, fresh) -> fresh.revision().orElse(0) > old.revision().orElse(0) ? fresh : old);
  }

  private interface Done {
    void with(Api.Answer answer);
  }

  private static Ending send(Api api, Api.Request request, Done done) {
    try {
      Api.Answer answer = api.exchange(request);
      if (answer.accepted()) {
        done.with(answer);
        return new Ending.Committed(answer.revision());
      }
      // What a server can't do it says with 503; of other errors of its own, nobody knows more.
      return answer.status() < SERVER_ERROR || answer.status() == UNAVAILABLE
          ? new Ending.Refused(answer.status())
          : new Ending.Unknown(answer.status() + " " + answer.text("/detail"));
    } catch (ConnectException | HttpConnectTimeoutException notSent) {
      return new Ending.Refused(UNAVAILABLE);
    } catch (IOException failure) {
      return new Ending.Unknown(String.valueOf(failure.getMessage()));
    }
  }

  /// What a node says of a resource, by its name.
  Ending read(Api api, String key, OptionalLong atLeast) {
    String path = key.startsWith("g-") ? "/v1/security-groups" : "/v1/ports";
    String query =
        path + "?name=" + key + (atLeast.isPresent() ? "&revision=" + atLeast.getAsLong() : "");
    try {
      Api.Answer answer = api.exchange(Api.Request.of("GET", query, "").within(PATIENCE));
      if (!answer.accepted()) {
        return new Ending.Refused(answer.status());
      }
      JsonNode items = answer.body().at("/items");
      if (items.size() > 1) {
        history.odd("two resources are called " + key + ": " + items);
      }
      return new Ending.Seen(
          Optional.ofNullable(items.get(0)).map(Resources::version), answer.revision());
    } catch (IOException failure) {
      return new Ending.Unknown(String.valueOf(failure.getMessage()));
    }
  }

  static Version version(JsonNode item) {
    return new Version(item.at("/labels/v").asText(), item.at("/revision").asLong());
  }
}

package io.heddle.rest.handler;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.auth.Role;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.RequestId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A request that the contract accepts.
///
/// @param target method and path, as sent
/// @param parameters those of path, query and header that were given, by name
/// @param body JSON null where the operation takes none
public record Request(
    RequestId id, Caller caller, String target, Map<String, String> parameters, JsonNode body) {

  public Request {
    parameters = Map.copyOf(parameters);
  }

  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /// A parameter of the path: it is always there.
  String path(String name) {
    return parameter(name).orElseThrow();
  }

  public int number(String name, int fallback) {
    return parameter(name).map(Integer::parseInt).orElse(fallback);
  }

  public boolean isDryRun() {
    return parameter("dryRun").map(Boolean::parseBoolean).orElse(false);
  }

  /// The revision that the caller read, if it must not have changed since.
  OptionalLong ifMatch() {
    return parameter("If-Match")
        .filter(etag -> !etag.equals("*"))
        .map(etag -> OptionalLong.of(Long.parseLong(etag.substring(1, etag.length() - 1))))
        .orElse(OptionalLong.empty());
  }

  /// Tells this request from others under the same idempotency key.
  String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(target.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) '\n');
      sha.update(parameter("project").orElse("").getBytes(StandardCharsets.UTF_8));
      sha.update((byte) '\n');
      sha.update(Json.write(body));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void require(Role needed) {
    if (!caller.may(needed)) {
      throw new Refusal(
          HttpProblem.forbidden(
              "%s has the role %s; this wants %s"
                  .formatted(caller.subject(), word(caller.role()), word(needed))));
    }
  }

  private static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}

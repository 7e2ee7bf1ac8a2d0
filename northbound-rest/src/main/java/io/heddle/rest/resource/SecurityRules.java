package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Direction;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.PrefixListId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.rest.http.Json;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Security rules in JSON, where protocol, ports and remote are flat fields.
public final class SecurityRules {

  private SecurityRules() {}

  public static ObjectNode json(SecurityRule rule) {
    ObjectNode json =
        Json.object()
            .put("id", rule.id().toString())
            .put("direction", rule.direction() == Direction.INGRESS ? "ingress" : "egress");
    Services.write(rule.service(), json);
    switch (rule.remote()) {
      case Remote.Anywhere() -> {
        // Absent means anywhere.
      }
      case Remote.Cidr(IpPrefix prefix) -> json.put("remoteCidr", prefix.toString());
      case Remote.Prefixes(PrefixListId list) -> json.put("remotePrefixListId", list.toString());
      case Remote.Group(SecurityGroupId group) -> json.put("remoteGroupId", group.toString());
    }
    return json.put("description", rule.description());
  }

  public static SecurityRule read(Fields fields, UUID id) {
    return new SecurityRule(
        id,
        fields.required("direction", SecurityRules::direction),
        Services.read(fields),
        remote(fields),
        fields.text("description").orElse(""));
  }

  static Direction direction(String text) {
    return switch (text) {
      case "ingress" -> Direction.INGRESS;
      case "egress" -> Direction.EGRESS;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not a direction; it is ingress or egress".formatted(text));
    };
  }

  private static Remote remote(Fields fields) {
    Optional<Remote> cidr = fields.value("remoteCidr", IpPrefix::parse).map(Remote.Cidr::new);
    Optional<Remote> list =
        fields.value("remotePrefixListId", PrefixListId::parse).map(Remote.Prefixes::new);
    Optional<Remote> group =
        fields.value("remoteGroupId", SecurityGroupId::parse).map(Remote.Group::new);
    if (Stream.of(cidr, list, group).filter(Optional::isPresent).count() > 1) {
      String named = group.isPresent() ? "remoteGroupId" : "remotePrefixListId";
      throw fields.refused(
          named,
          "a rule has one of remoteCidr, remotePrefixListId and remoteGroupId, not both; make two rules");
    }
    return cidr.or(() -> list).or(() -> group).orElse(new Remote.Anywhere());
  }
}

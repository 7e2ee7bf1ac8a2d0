package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Direction;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.NetworkAcl;
import io.heddle.rest.http.Json;

/// Entries of network ACLs in JSON.
public final class AclEntries {

  private AclEntries() {}

  public static ObjectNode json(NetworkAcl.Entry entry) {
    IpPrefix cidr = entry.cidr();
    ObjectNode json =
        Json.object()
            .put("number", entry.number())
            .put("direction", entry.direction() == Direction.INGRESS ? "ingress" : "egress")
            .put("action", entry.verdict() == NetworkAcl.Verdict.ALLOW ? "allow" : "deny");
    Services.write(entry.service(), json);
    if (cidr != null) {
      json.put("cidr", cidr.toString());
    }
    return json.put("description", entry.description());
  }

  public static NetworkAcl.Entry read(Fields fields) {
    return new NetworkAcl.Entry(
        fields.number("number").orElse(0),
        fields.required("direction", SecurityRules::direction),
        fields.required("action", AclEntries::verdict),
        Services.read(fields),
        fields.value("cidr", IpPrefix::parse).orElse(null),
        fields.text("description").orElse(""));
  }

  private static NetworkAcl.Verdict verdict(String text) {
    return switch (text) {
      case "allow" -> NetworkAcl.Verdict.ALLOW;
      case "deny" -> NetworkAcl.Verdict.DENY;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not an action; it is allow or deny".formatted(text));
    };
  }
}

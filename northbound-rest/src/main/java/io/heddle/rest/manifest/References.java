package io.heddle.rest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Which fields name another resource, wherever in a resource they stand. In a manifest they may
/// hold its name in place of its id.
public final class References {

  /// The path of the kind that is named, by field. A new kind that others name adds a line.
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("vpcId", "vpcs"),
          Map.entry("subnetId", "subnets"),
          Map.entry("portId", "ports"),
          Map.entry("securityGroupIds", "security-groups"),
          Map.entry("remoteGroupId", "security-groups"),
          Map.entry("remotePrefixListId", "prefix-lists"),
          Map.entry("networkAclId", "network-acls"));

  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private References() {}

  /// The path of the kind that a field names.
  public static Optional<String> kindOf(String field) {
    return Optional.ofNullable(KINDS.get(field));
  }

  /// Whether a field's value names another resource, however deep.
  static boolean isIn(String field, JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream().anyMatch(each -> isIn(each.getKey(), each.getValue()));
    }
    if (value.isArray()) {
      for (JsonNode each : value) {
        if (isIn(field, each)) {
          return true;
        }
      }
      return false;
    }
    return value.isTextual() && KINDS.containsKey(field);
  }

  /// Finds what a name stands for.
  @FunctionalInterface
  interface Lookup {
    /// @param kind the path of the kind
    /// @return the id, or nothing while there is none
    Optional<String> id(String kind, String name);
  }

  /// An entry with ids for names.
  ///
  /// @param entry without the fields that could not be resolved
  /// @param open those fields, at the top of the entry, and the name that stands for nothing yet
  record Resolved(ObjectNode entry, Map<String, String> open) {}

  static Resolved resolve(ObjectNode entry, Lookup lookup) {
    ObjectNode resolved = entry.objectNode();
    Map<String, String> open = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : entry.properties()) {
      Set<String> missing = new LinkedHashSet<>();
      JsonNode value = value(field.getKey(), field.getValue(), lookup, missing);
      if (missing.isEmpty()) {
        resolved.set(field.getKey(), value);
      } else {
        open.put(field.getKey(), missing.iterator().next());
      }
    }
    return new Resolved(resolved, open);
  }

  private static JsonNode value(String field, JsonNode value, Lookup lookup, Set<String> missing) {
    if (value.isObject()) {
      ObjectNode object = ((ObjectNode) value).objectNode();
      for (Map.Entry<String, JsonNode> each : value.properties()) {
        object.set(each.getKey(), value(each.getKey(), each.getValue(), lookup, missing));
      }
      return object;
    }
    if (value.isArray()) {
      ArrayNode array = ((ArrayNode) value).arrayNode();
      value.forEach(each -> array.add(value(field, each, lookup, missing)));
      return array;
    }
    String kind = KINDS.get(field);
    if (kind == null || !value.isTextual() || ID.matcher(value.asText()).matches()) {
      return value;
    }
    Optional<String> id = lookup.id(kind, value.asText());
    if (id.isEmpty()) {
      missing.add(value.asText());
    }
    return id.<JsonNode>map(TextNode::valueOf).orElse(value);
  }
}

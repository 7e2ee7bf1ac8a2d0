package io.heddle.rest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/// Whether a resource is as an entry has it, as far as the entry says anything.
final class Likeness {

  /// What changes without anybody meaning it.
  private static final Set<String> NOT_MEANT = Set.of("revision", "updatedAt", "status", "id");

  private Likeness() {}

  /// @param wanted may leave fields out of objects, at any depth
  static boolean holds(JsonNode is, JsonNode wanted) {
    if (wanted.isObject()) {
      return is.isObject()
          && wanted.properties().stream()
              .allMatch(field -> holds(is.path(field.getKey()), field.getValue()));
    }
    if (wanted.isArray()) {
      if (!is.isArray() || is.size() != wanted.size()) {
        return false;
      }
      for (int i = 0; i < is.size(); i++) {
        if (!holds(is.get(i), wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (wanted.isNull() || is.isMissingNode() || is.isNull()) {
      return wanted.isNull() && (is.isNull() || is.isMissingNode());
    }
    return is.asText().equalsIgnoreCase(wanted.asText());
  }

  /// A resource's JSON without what nobody wrote.
  static JsonNode meant(JsonNode shown) {
    if (shown.isObject()) {
      ObjectNode kept = ((ObjectNode) shown).objectNode();
      for (Map.Entry<String, JsonNode> field : shown.properties()) {
        if (!NOT_MEANT.contains(field.getKey())) {
          kept.set(field.getKey(), meant(field.getValue()));
        }
      }
      return kept;
    }
    if (shown.isArray()) {
      ArrayNode kept = ((ArrayNode) shown).arrayNode();
      shown.forEach(each -> kept.add(meant(each)));
      return kept;
    }
    return shown;
  }
}

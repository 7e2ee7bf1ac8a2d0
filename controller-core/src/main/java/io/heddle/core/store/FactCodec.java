package io.heddle.core.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Row;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/// A fact as JSON: `{"put": kind, "row": {…}}` or `{"delete": kind, "key": "…"}`, the latter with
/// `"project"` where the row belonged to one.
///
/// Strict in both directions: an unknown kind, an unknown field, a missing one or one that stands
/// twice is an [UnreadableException]. JSON rather than a binary form, because the log and the
/// history can then be read with `strings` on a bad day, and a fact is a few hundred bytes.
final class FactCodec {

  static final JsonMapper JSON = StrictJson.MAPPER;

  private FactCodec() {}

  static ObjectNode encode(Fact fact) {
    ObjectNode node = JSON.createObjectNode();
    switch (fact) {
      case Fact.Put(Row row) -> {
        node.put("put", row.key().kind().name());
        node.set("row", JSON.valueToTree(row));
      }
      case Fact.Delete(Key<?> key, ProjectId owner) -> {
        node.put("delete", key.kind().name());
        node.put("key", key.toString());
        if (owner != null) {
          node.put("project", owner.value());
        }
      }
    }
    return node;
  }

  static Fact decode(JsonNode node) {
    if (node.has("put")) {
      requireFields(node, Set.of("put", "row"));
      return Fact.put(row(kind(text(node, "put")), field(node, "row")));
    }
    boolean owned = node.has("project");
    requireFields(node, owned ? Set.of("delete", "key", "project") : Set.of("delete", "key"));
    return new Fact.Delete(
        key(kind(text(node, "delete")), text(node, "key")),
        owned ? owner(text(node, "project")) : null);
  }

  private static ProjectId owner(String text) {
    try {
      return new ProjectId(text);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("'%s' is no project".formatted(text), e);
    }
  }

  private static Kind<?> kind(String name) {
    Kind<?> kind = Kinds.named(name);
    if (kind == null) {
      throw new UnreadableException(
          "rows of kind '%s' are unknown to this build; it is older than what wrote them"
              .formatted(name));
    }
    return kind;
  }

  private static Row row(Kind<?> kind, JsonNode json) {
    try {
      return Objects.requireNonNull(JSON.treeToValue(json, kind.type()));
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new UnreadableException(
          "a %s row can't be read: %s".formatted(kind.name(), e.getMessage()), e);
    }
  }

  private static Key<?> key(Kind<?> kind, String text) {
    try {
      return kind.parseKey().apply(text);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UnreadableException("'%s' is no %s key".formatted(text, kind.name()), e);
    }
  }

  /// Exactly these fields, neither more nor fewer.
  static void requireFields(JsonNode node, Set<String> names) {
    Set<String> present = new HashSet<>();
    node.fieldNames().forEachRemaining(present::add);
    if (!present.equals(names)) {
      throw new UnreadableException("expected the fields %s, found %s".formatted(names, present));
    }
  }

  static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new UnreadableException("no field '%s'".formatted(name));
    }
    return value;
  }

  static String text(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isTextual()) {
      throw new UnreadableException("field '%s' is no text: %s".formatted(name, value));
    }
    return value.textValue();
  }

  static long number(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new UnreadableException("field '%s' is no whole number: %s".formatted(name, value));
    }
    return value.longValue();
  }
}

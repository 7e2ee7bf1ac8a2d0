package io.heddle.node.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.heddle.testkit.random.Seeded;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Makes JSON values from the schemas of a contract.
///
/// Addresses and names come from a small world, so that requests meet: what one creates is in the
/// way of another, or is what it asks for.
final class SchemaValues {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MAX_ITEMS = 3;
  private static final int MAX_DEPTH = 8;

  /// Strings that have broken parsers before.
  static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "null",
          "true",
          "-1",
          "0x10",
          "1e999",
          "9223372036854775808",
          "NaN",
          "\u0000",
          "\u202e\u200b",
          "\ud83d\ude00 \ufdfa",
          "a\tb\nc\r",
          "'; DROP TABLE ports; --",
          "{{7*7}}",
          "${jndi:ldap://127.0.0.1/a}",
          "../../../../etc/passwd",
          "<script>alert(1)</script>",
          "%s%n%x",
          "%00",
          "0.0.0.0/0",
          "::/0",
          "255.255.255.255",
          "10.0.0.1/33",
          "10.0.0.01",
          "fe80::1%eth0",
          "::ffff:10.0.0.1",
          "ff:ff:ff:ff:ff:ff",
          "00:00:00:00:00:00",
          "00000000-0000-0000-0000-000000000000",
          "x".repeat(300),
          "é".repeat(5_000));

  private final JsonNode document;
  private final Seeded seeded;

  /// An id of what there is, for a field that names something; may be empty.
  private final BiFunction<String, Seeded, String> known;

  private final Map<String, Supplier<String>> world;

  SchemaValues(JsonNode document, Seeded seeded, BiFunction<String, Seeded, String> known) {
    this.document = document;
    this.seeded = seeded;
    this.known = known;
    this.world =
        Map.of(
            "Cidr", this::cidr,
            "Address", this::address,
            "Mac", () -> "0a:00:00:00:00:%02x".formatted(seeded.below(40)),
            "Name", () -> seeded.pickOf("", "web", "db", "Ünïcode", "a b"),
            "ProjectId", () -> seeded.pickOf("default", "blue", "blue", "green"),
            "HostId", () -> seeded.pickOf("hv1", "hv2", "hv9"),
            "NodeName", () -> seeded.pickOf("n1", "n2"),
            "Endpoint", () -> "127.0.0.1:1",
            "Zone", () -> seeded.pickOf("", "east"));
  }

  private String cidr() {
    return seeded.percent(15)
        ? seeded.pickOf("fd00:1::/48", "fd00:1:0:1::/64", "fd00:1:0:2::/64", "::/0")
        : seeded.pickOf(
            "10.0.0.0/16",
            "10.0.0.0/16",
            "10.%d.0.0/16".formatted(seeded.below(3)),
            "10.0.%d.0/24".formatted(seeded.below(6)),
            "10.0.%d.0/24".formatted(seeded.below(6)),
            "10.0.%d.128/25".formatted(seeded.below(6)),
            "192.0.2.0/24",
            "0.0.0.0/0");
  }

  private String address() {
    return seeded.percent(15)
        ? "fd00:1:0:1::%x".formatted(seeded.below(30))
        : "10.0.%d.%d".formatted(seeded.below(6), seeded.below(40));
  }

  /// Follows references.
  JsonNode resolved(JsonNode schema) {
    JsonNode at = schema;
    while (at.has("$ref")) {
      at = document.at(at.get("$ref").asText().substring(1));
    }
    return at;
  }

  private static String nameOf(JsonNode schema) {
    String ref = schema.path("$ref").asText();
    return ref.substring(ref.lastIndexOf('/') + 1);
  }

  /// A value that the schema accepts, as far as it says what it wants.
  JsonNode valid(JsonNode schema, String field) {
    return valid(schema, field, 0);
  }

  private JsonNode valid(JsonNode schema, String field, int depth) {
    JsonNode resolved = resolved(schema);
    if (resolved.has("oneOf")) {
      List<JsonNode> choices = new ArrayList<>();
      resolved.get("oneOf").forEach(choices::add);
      // The first is the common one: one resource; the second is many.
      return valid(seeded.percent(75) ? choices.getFirst() : seeded.pick(choices), field, depth);
    }
    if (resolved.has("enum")) {
      List<JsonNode> choices = new ArrayList<>();
      resolved.get("enum").forEach(choices::add);
      return seeded.pick(choices);
    }
    return switch (type(resolved)) {
      case "object" -> object(resolved, depth);
      case "array" -> array(resolved, field, depth);
      case "integer", "number" -> integer(resolved);
      case "boolean" -> NODES.booleanNode(seeded.flip());
      case "null" -> NullNode.getInstance();
      default -> TextNode.valueOf(text(schema, resolved, field));
    };
  }

  private String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (!type.isArray()) {
      return type.asText(schema.has("properties") ? "object" : "string");
    }
    List<String> types = new ArrayList<>();
    type.forEach(each -> types.add(each.asText()));
    return seeded.percent(80) ? types.getFirst() : seeded.pick(types);
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = NODES.objectNode();
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(each -> required.add(each.asText()));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      if (required.contains(property.getKey()) || (depth < MAX_DEPTH && seeded.percent(18))) {
        object.set(property.getKey(), valid(property.getValue(), property.getKey(), depth + 1));
      }
    }
    JsonNode others = schema.path("additionalProperties");
    if (others.isObject() && seeded.percent(40)) {
      object.set(seeded.pickOf("tier", "env", "x.y/z"), valid(others, "", depth + 1));
    } else if (schema.path("additionalProperties").asBoolean(true)
        && !schema.has("properties")
        && seeded.percent(30)) {
      object.put("name", seeded.pickOf("web", "db"));
    }
    return object;
  }

  private ArrayNode array(JsonNode schema, String field, int depth) {
    ArrayNode array = NODES.arrayNode();
    int least = schema.path("minItems").asInt(0);
    int most = Math.min(schema.path("maxItems").asInt(MAX_ITEMS), Math.max(least, MAX_ITEMS));
    for (int left = seeded.between(least, most); left > 0; left--) {
      array.add(valid(schema.path("items"), field, depth + 1));
    }
    return array;
  }

  private JsonNode integer(JsonNode schema) {
    long least = schema.path("minimum").asLong(0);
    long most = schema.path("maximum").asLong(Math.max(least, 100));
    long value =
        switch (seeded.below(6)) {
          case 0 -> least;
          case 1 -> most;
          default -> least + (seeded.bits(62) % (Math.min(most - least, 200) + 1));
        };
    return NODES.numberNode(value);
  }

  private String text(JsonNode schema, JsonNode resolved, String field) {
    Supplier<String> own = world.get(nameOf(schema));
    if (own != null) {
      return own.get();
    }
    String id = known.apply(field, seeded);
    boolean named = nameOf(schema).equals("Id") || field.endsWith("Id") || field.endsWith("Ids");
    if (named && !id.isEmpty()) {
      return seeded.percent(90) ? id : randomId();
    }
    if (nameOf(schema).equals("Id") || resolved.path("format").asText().equals("uuid")) {
      return randomId();
    }
    if (nameOf(schema).equals("Protocol")) {
      return seeded.pickOf("any", "tcp", "tcp", "udp", "icmp", "icmpv6", "gre", "47");
    }
    if (field.equals("ipAddress")) {
      return seeded.flip() ? address() : cidr();
    }
    if (resolved.has("examples") && seeded.percent(60)) {
      return resolved.get("examples").get(0).asText();
    }
    return plain(resolved);
  }

  /// Of the right length, and of the right form if one of a few happens to have it.
  private String plain(JsonNode schema) {
    int least = schema.path("minLength").asInt(0);
    int most = Math.min(schema.path("maxLength").asInt(20), Math.max(least, 20));
    String pattern = schema.path("pattern").asText();
    for (String sample : List.of("\"%d\"".formatted(seeded.below(300)), "12", "a", "a.b", "1:2")) {
      if (!pattern.isEmpty() && Pattern.compile(pattern).matcher(sample).find()) {
        return sample;
      }
    }
    return "abcdefghijklmnopqrstuvwxyz"
        .repeat(1 + most / 26)
        .substring(0, seeded.between(least, most));
  }

  private String randomId() {
    return new UUID(seeded.bits(64), seeded.bits(64)).toString();
  }

  /// The value with one thing wrong somewhere.
  JsonNode spoiled(JsonNode value) {
    if (value.isObject() && !value.isEmpty() && seeded.percent(80)) {
      ObjectNode object = value.deepCopy();
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = seeded.pick(names);
      switch (seeded.below(6)) {
        case 0 -> object.remove(name);
        case 1 -> object.put(seeded.pickOf("id", "revision", "tag", "__proto__", ""), 1);
        case 2 -> object.set(name, wrong());
        default -> object.set(name, spoiled(object.get(name)));
      }
      return object;
    }
    if (value.isArray() && !value.isEmpty() && seeded.percent(80)) {
      ArrayNode array = value.deepCopy();
      int at = seeded.below(array.size());
      switch (seeded.below(4)) {
        case 0 -> array.add(array.get(at));
        case 1 -> array.insert(at, wrong());
        default -> array.set(at, spoiled(array.get(at)));
      }
      return array;
    }
    return wrong();
  }

  /// Something that nothing here is.
  private JsonNode wrong() {
    return switch (seeded.below(9)) {
      case 0 -> NullNode.getInstance();
      case 1 -> NODES.numberNode(-1);
      case 2 -> NODES.numberNode(BigInteger.TWO.pow(80));
      case 3 -> NODES.numberNode(new BigDecimal("1.5"));
      case 4 -> NODES.objectNode().put("a", 1);
      case 5 -> NODES.arrayNode().add(NODES.arrayNode());
      case 6 -> NODES.booleanNode(true);
      default -> TextNode.valueOf(seeded.pick(HOSTILE));
    };
  }
}

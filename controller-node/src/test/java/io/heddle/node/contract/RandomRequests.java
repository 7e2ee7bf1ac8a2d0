package io.heddle.node.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.model.Resource;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.store.Image;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import io.heddle.testkit.random.Seeded;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/// Makes requests from the contract: most of them as it wants them, some with one thing wrong, some
/// as nobody should ever send them.
final class RandomRequests {

  private final Contract contract;
  private final JsonNode document;
  private final Seeded seeded;
  private final Supplier<Image> image;
  private final SchemaValues values;

  /// One request.
  ///
  /// @param path with the query, encoded
  /// @param body as it is sent; empty where there is none
  record Random(
      Operation operation, String path, Map<String, String> headers, byte[] body, boolean dryRun) {

    @Override
    public String toString() {
      String text = new String(body, StandardCharsets.UTF_8);
      return "%s %s %s %s"
          .formatted(
              operation.method(),
              path,
              headers,
              text.length() > 2_000 ? text.substring(0, 2_000) + "…" : text);
    }
  }

  /// @param document the contract as JSON
  /// @param image what there is
  RandomRequests(Contract contract, JsonNode document, Seeded seeded, Supplier<Image> image) {
    this.contract = contract;
    this.document = document;
    this.seeded = seeded;
    this.image = image;
    this.values = new SchemaValues(document, seeded, this::known);
  }

  /// The id of something that is there and that a field of this name would name.
  private String known(String field, Seeded choice) {
    String wanted = field.replaceAll("Ids?$", "").toLowerCase(Locale.ROOT);
    for (Kind<?> kind : Kinds.ALL) {
      String name = kind.name().replace("-", "");
      boolean meant =
          wanted.equals(name)
              || (wanted.startsWith("remote") && name.endsWith(wanted.substring(6)));
      if (Resource.class.isAssignableFrom(kind.type()) && !wanted.isEmpty() && meant) {
        return anyOf(kind, choice);
      }
    }
    return "";
  }

  private String anyOf(Kind<?> kind, Seeded choice) {
    List<String> ids =
        image.get().all(kind).stream().map(row -> row.key().toString()).sorted().toList();
    return ids.isEmpty() ? "" : choice.pick(ids);
  }

  Random next() {
    Operation operation = operation();
    JsonNode node = document.path("paths").path(operation.path());
    JsonNode method = node.path(operation.method().toLowerCase(Locale.ROOT));
    Map<String, String> query = new TreeMap<>();
    Map<String, String> headers = new TreeMap<>();
    String path = operation.path();
    for (JsonNode parameter : parameters(node, method)) {
      String name = parameter.path("name").asText();
      String value = value(operation, parameter);
      switch (parameter.path("in").asText()) {
        case "path" -> path = path.replace("{" + name + "}", encoded(value));
        case "query" -> optional(query, name, value);
        default -> optional(headers, name, printable(value));
      }
    }
    if (seeded.percent(2)) {
      query.put(seeded.pickOf("nosuch", "limit", "dryRun"), seeded.pick(SchemaValues.HOSTILE));
    }
    StringJoiner text = new StringJoiner("&", "?", "").setEmptyValue("");
    query.forEach((name, value) -> text.add(name + "=" + encoded(value)));
    byte[] body = body(operation, method, headers);
    return new Random(operation, path + text, headers, body, "true".equals(query.get("dryRun")));
  }

  /// Creations more often than the rest, or there would never be anything.
  private Operation operation() {
    List<Operation> choices = contract.operations();
    if (seeded.percent(35)) {
      choices = choices.stream().filter(each -> each.id().startsWith("create")).toList();
    }
    Operation operation = seeded.pick(choices);
    boolean destructive = operation.method().equals("DELETE");
    return destructive && seeded.percent(50) ? seeded.pick(contract.operations()) : operation;
  }

  private List<JsonNode> parameters(JsonNode path, JsonNode method) {
    List<JsonNode> all = new ArrayList<>();
    path.path("parameters").forEach(each -> all.add(values.resolved(each)));
    method.path("parameters").forEach(each -> all.add(values.resolved(each)));
    return all;
  }

  private void optional(Map<String, String> into, String name, String value) {
    int share =
        switch (name) {
          case "wait" -> 3;
          case "dryRun" -> 10;
          case "revision", "pageToken", "If-Match" -> 8;
          default -> 20;
        };
    if (seeded.percent(share)) {
      into.put(name, value);
    }
  }

  private String value(Operation operation, JsonNode parameter) {
    String name = parameter.path("name").asText();
    if (seeded.percent(5)) {
      return seeded.pick(SchemaValues.HOSTILE);
    }
    return switch (name) {
      case "id" -> id(operation);
      case "ruleId" -> rule();
      // One that will never come is answered with 504, as it should be: not what is tried here.
      case "revision", "since" -> Long.toString(seeded.below((int) image.get().revision() + 1));
      case "timeoutSeconds" -> "1";
      case "Last-Event-ID" -> Long.toString(image.get().revision());
      case "Idempotency-Key" -> "key-" + seeded.below(50);
      default -> values.valid(parameter.path("schema"), name).asText();
    };
  }

  private String id(Operation operation) {
    String[] parts = operation.path().split("/", -1);
    String plural = parts.length > 2 ? parts[2] : "";
    for (Kind<?> kind : Kinds.ALL) {
      if ((kind.name() + "s").equals(plural) && seeded.percent(85)) {
        String known = anyOf(kind, seeded);
        return known.isEmpty() ? new UUID(0, 1).toString() : known;
      }
    }
    return new UUID(seeded.bits(64), seeded.bits(64)).toString();
  }

  private String rule() {
    List<String> rules =
        image.get().all(SecurityGroup.KIND).stream()
            .flatMap(group -> group.rules().stream())
            .map(rule -> rule.id().toString())
            .sorted()
            .toList();
    return rules.isEmpty() ? new UUID(0, 2).toString() : seeded.pick(rules);
  }

  /// Slashes too: a parameter is one part of a path.
  private static String encoded(String value) {
    return URLEncoder.encode(value.isEmpty() ? " " : value, StandardCharsets.UTF_8)
        .replace("+", "%20");
  }

  /// The client at hand sends no other headers; what is no HTTP is tried elsewhere.
  private static String printable(String value) {
    return value.replaceAll("[^ -~]", "?").strip();
  }

  private byte[] body(Operation operation, JsonNode method, Map<String, String> headers) {
    JsonNode content = values.resolved(method.path("requestBody")).path("content");
    if (content.isEmpty()) {
      return new byte[0];
    }
    List<String> types = new ArrayList<>();
    content.fieldNames().forEachRemaining(types::add);
    String type = seeded.pick(types);
    headers.put("Content-Type", seeded.percent(2) ? "text/plain" : type);
    JsonNode valid =
        operation.id().equals("applyManifest")
            ? manifest(values.resolved(content.path(type).path("schema")))
            : values.valid(content.path(type).path("schema"), "");
    int dice = seeded.below(100);
    if (dice < 70) {
      return bytes(valid.toString());
    }
    return dice < 92 ? bytes(values.spoiled(valid).toString()) : garbage(valid.toString());
  }

  /// A few entries of a few kinds, as their creations have them; ids give way to names now and
  /// then.
  private ObjectNode manifest(JsonNode schema) {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    for (Operation creation : contract.operations()) {
      String kind = creation.path().substring(creation.path().lastIndexOf('/') + 1);
      String key = key(kind);
      JsonNode body =
          document.at(
              "/components/schemas/%sCreation".formatted(creation.id().replaceFirst("create", "")));
      if (!creation.id().startsWith("create")
          || body.isMissingNode()
          || !schema.path("properties").has(key)
          || !seeded.percent(30)) {
        continue;
      }
      ArrayNode entries = manifest.putArray(key);
      for (int left = seeded.between(0, 3); left > 0; left--) {
        ObjectNode entry = (ObjectNode) values.valid(body, "");
        entry.remove("project");
        entry.put("name", seeded.pickOf("web", "db", "shop", "default"));
        if (entry.has("vpcId") && seeded.flip()) {
          entry.put("vpcId", seeded.pickOf("web", "shop", "nowhere"));
        }
        entries.add(entry);
      }
    }
    return manifest;
  }

  /// `security-groups` is `securityGroups` there.
  private static String key(String path) {
    StringBuilder key = new StringBuilder();
    for (String word : path.split("-", -1)) {
      key.append(
          key.isEmpty() || word.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return key.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What is no JSON, or JSON that no parser should swallow.
  private byte[] garbage(String valid) {
    return switch (seeded.below(10)) {
      case 0 -> bytes("");
      case 1 -> bytes("[".repeat(seeded.pickOf(40, 100_000)));
      case 2 -> bytes("{\"a\":".repeat(1_000));
      case 3 -> bytes(valid.substring(0, seeded.below(valid.length())));
      case 4 -> bytes(valid + valid);
      case 5 -> bytes("{\"name\":\"a\",\"name\":\"b\"}");
      case 6 -> bytes("{\"n\":" + "9".repeat(seeded.pickOf(30, 100_000)) + "}");
      case 7 -> bytes("{\"name\":\"" + "x".repeat(100_000) + "\"}");
      case 8 -> new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0, '}', 0};
      default -> flipped(bytes(valid));
    };
  }

  private byte[] flipped(byte[] bytes) {
    if (bytes.length > 0) {
      bytes[seeded.below(bytes.length)] ^= (byte) (1 << seeded.below(8));
    }
    return bytes;
  }
}

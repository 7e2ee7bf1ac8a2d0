package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The fields of a request's body that the contract has already accepted: types are right, unknown
/// ones are not there. What is left is to read values, and to name the field where one is nonsense.
///
/// @param at where this object is in the body, as in `items[2].`
public record Fields(JsonNode json, String at) {

  /// Whether it is there at all; null counts.
  public boolean has(String name) {
    return json.has(name);
  }

  public Optional<String> text(String name) {
    return given(name).map(JsonNode::asText);
  }

  public Optional<Integer> number(String name) {
    return given(name).map(JsonNode::asInt);
  }

  public Optional<Boolean> flag(String name) {
    return given(name).map(JsonNode::asBoolean);
  }

  public Optional<Fields> object(String name) {
    return given(name).map(node -> new Fields(node, at + name + "."));
  }

  /// A value that has a parser, which explains what it refuses.
  public <T> Optional<T> value(String name, Function<String, T> parser) {
    return text(name).map(text -> parsed(at + name, text, parser));
  }

  /// A field that the contract requires.
  public <T> T required(String name, Function<String, T> parser) {
    return value(name, parser)
        .orElseThrow(() -> refused(name, "the field '%s' must be given".formatted(name)));
  }

  public <T> Optional<List<T>> list(String name, Function<String, T> parser) {
    return given(name)
        .map(array -> {
          List<T> values = new ArrayList<>(array.size());
          for (int i = 0; i < array.size(); i++) {
            String field = "%s%s[%d]".formatted(at, name, i);
            values.add(parsed(field, array.get(i).asText(), parser));
          }
          return values;
        });
  }

  public Optional<List<Fields>> objects(String name) {
    return given(name)
        .map(array -> {
          List<Fields> objects = new ArrayList<>(array.size());
          for (int i = 0; i < array.size(); i++) {
            objects.add(new Fields(array.get(i), "%s%s[%d].".formatted(at, name, i)));
          }
          return objects;
        });
  }

  /// The labels of something new.
  public Map<String, String> labels() {
    return mergedLabels(Map.of()).orElse(Map.of());
  }

  /// A merge patch (RFC 7396) of labels: null takes one away, null for all takes all.
  public Optional<Map<String, String>> mergedLabels(Map<String, String> before) {
    if (!has("labels")) {
      return Optional.empty();
    }
    Map<String, String> after = new HashMap<>();
    JsonNode patch = json.get("labels");
    if (patch.isNull()) {
      return Optional.of(after);
    }
    after.putAll(before);
    for (Map.Entry<String, JsonNode> label : patch.properties()) {
      if (label.getValue().isNull()) {
        after.remove(label.getKey());
      } else {
        after.put(label.getKey(), label.getValue().asText());
      }
    }
    return Optional.of(after);
  }

  /// A field of a merge patch: absent stays as it is, null goes back to the default.
  public <T> Optional<T> patched(String name, Function<JsonNode, T> reader, T whenNull) {
    if (!has(name)) {
      return Optional.empty();
    }
    return Optional.of(given(name).map(reader).orElse(whenNull));
  }

  /// The new name of a merge patch; null takes it away.
  public Optional<String> patchedName() {
    return patched("name", JsonNode::asText, "");
  }

  public Refusal refused(String name, String why) {
    return new Refusal(HttpProblem.invalid(at + name, why));
  }

  private Optional<JsonNode> given(String name) {
    return Optional.ofNullable(json.get(name)).filter(node -> !node.isNull());
  }

  /// Reads one value; what its parser refuses becomes a problem of the field.
  public static <T> T parsed(String field, String text, Function<String, ? extends T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      String why = e.getMessage() == null ? "'%s' is not accepted".formatted(text) : e.getMessage();
      throw new Refusal(HttpProblem.invalid(field, why));
    }
  }
}

package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.heddle.ovsdb.rpc.Value.Atom;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Values and rows to JSON and back, by the notation of RFC 7047 §5.1.
public final class ValueJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ValueJson() {}

  public static Value read(JsonNode json) {
    if (!json.isArray()) {
      return readAtom(json);
    }
    return switch (json.path(0).asText()) {
      case "set" -> readSet(json.path(1));
      case "map" -> readMap(json.path(1));
      default -> readAtom(json);
    };
  }

  private static Value readSet(JsonNode members) {
    requireArray(members);
    if (members.isEmpty()) {
      return Value.NOTHING;
    }
    Set<Atom> atoms = LinkedHashSet.newLinkedHashSet(members.size());
    members.forEach(member -> atoms.add(readAtom(member)));
    return new Value.SetOf(atoms);
  }

  private static Value readMap(JsonNode pairs) {
    requireArray(pairs);
    if (pairs.isEmpty()) {
      return Value.NO_PAIRS;
    }
    Map<Atom, Atom> atoms = LinkedHashMap.newLinkedHashMap(pairs.size());
    for (JsonNode pair : pairs) {
      if (pair.size() != 2) {
        throw new ProtocolException("a pair of a map has " + pair.size() + " members");
      }
      atoms.put(readAtom(pair.get(0)), readAtom(pair.get(1)));
    }
    return new Value.MapOf(atoms);
  }

  private static void requireArray(JsonNode json) {
    if (!json.isArray()) {
      throw new ProtocolException("a set or a map is not an array");
    }
  }

  private static Atom readAtom(JsonNode json) {
    return switch (json.getNodeType()) {
      case STRING -> new Value.Text(json.textValue());
      case BOOLEAN -> new Value.Flag(json.booleanValue());
      case NUMBER ->
          json.isIntegralNumber()
              ? new Value.Whole(json.longValue())
              : new Value.Real(json.doubleValue());
      case ARRAY -> readReference(json);
      case OBJECT, NULL, MISSING, BINARY, POJO ->
          throw new ProtocolException("no OVSDB value: a JSON " + json.getNodeType());
    };
  }

  private static Atom readReference(JsonNode json) {
    if (json.size() == 2 && json.get(1).isTextual()) {
      String target = json.get(1).textValue();
      switch (json.get(0).asText()) {
        case "uuid" -> {
          return new Value.RowId(readId(target));
        }
        case "named-uuid" -> {
          return new Value.NewRow(target);
        }
        default -> {}
      }
    }
    throw new ProtocolException("no OVSDB value: a JSON array of " + json.size());
  }

  static UUID readId(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException notAnId) {
      throw new ProtocolException("not a UUID: " + Quoted.of(text), notAnId);
    }
  }

  public static JsonNode write(Value value) {
    return switch (value) {
      case Value.Text(String text) -> TextNode.valueOf(text);
      case Value.Whole(long number) -> LongNode.valueOf(number);
      case Value.Real(double number) -> DoubleNode.valueOf(number);
      case Value.Flag(boolean set) -> BooleanNode.valueOf(set);
      case Value.RowId(UUID id) -> tagged("uuid").add(id.toString());
      case Value.NewRow(String name) -> tagged("named-uuid").add(name);
      case Value.SetOf(Set<Atom> members) -> {
        ArrayNode array = JSON.arrayNode(members.size());
        members.forEach(member -> array.add(write(member)));
        yield tagged("set").add(array);
      }
      case Value.MapOf(Map<Atom, Atom> pairs) -> {
        ArrayNode array = JSON.arrayNode(pairs.size());
        pairs.forEach((key, mapped) -> array.addArray().add(write(key)).add(write(mapped)));
        yield tagged("map").add(array);
      }
    };
  }

  public static Row readRow(JsonNode json) {
    if (!json.isObject()) {
      throw new ProtocolException("a row is not an object");
    }
    Map<String, Value> columns = LinkedHashMap.newLinkedHashMap(json.size());
    json.properties().forEach(column -> columns.put(column.getKey(), read(column.getValue())));
    return new Row(columns);
  }

  public static ObjectNode write(Row row) {
    ObjectNode json = JSON.objectNode();
    row.columns().forEach((column, value) -> json.set(column, write(value)));
    return json;
  }

  private static ArrayNode tagged(String tag) {
    return JSON.arrayNode(2).add(tag);
  }
}

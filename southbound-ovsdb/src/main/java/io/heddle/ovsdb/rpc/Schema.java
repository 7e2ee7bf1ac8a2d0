package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a database says of itself (RFC 7047 §3.2): its version and, for each table, the kinds of
/// its columns.
public record Schema(String name, String version, Map<String, Map<String, ColumnKind>> tables) {

  /// How a change of a column is written in an update (`ovsdb-server(7)` §4.1.14).
  public enum ColumnKind {
    /// At most one atom: an update carries the new value.
    ATOM,
    /// More than one atom possible: an update carries the members that came or went.
    SET,
    /// An update carries the pairs that came, went or have a new value.
    MAP
  }

  public Schema {
    tables = Map.copyOf(tables);
  }

  public boolean has(String table, String column) {
    return tables.getOrDefault(table, Map.of()).containsKey(column);
  }

  /// Those of the columns that this database knows.
  public List<String> known(String table, List<String> columns) {
    return columns.stream().filter(column -> has(table, column)).toList();
  }

  /// The part of the version before the first dot; it changes when clients must.
  public int majorVersion() {
    try {
      return Integer.parseInt(version.substring(0, Math.max(0, version.indexOf('.'))));
    } catch (NumberFormatException odd) {
      throw new ProtocolException("no schema version: " + Quoted.of(version), odd);
    }
  }

  static Schema read(JsonNode json) {
    JsonNode tables = json.path("tables");
    if (!tables.isObject() || !json.path("name").isTextual()) {
      throw new ProtocolException("the reply to get_schema is no schema");
    }
    Map<String, Map<String, ColumnKind>> kinds = new HashMap<>();
    for (Map.Entry<String, JsonNode> table : tables.properties()) {
      Map<String, ColumnKind> columns = new HashMap<>();
      for (Map.Entry<String, JsonNode> column : table.getValue().path("columns").properties()) {
        columns.put(column.getKey().intern(), kind(column.getValue().path("type")));
      }
      kinds.put(table.getKey(), Map.copyOf(columns));
    }
    return new Schema(json.path("name").asText(), json.path("version").asText(""), kinds);
  }

  private static ColumnKind kind(JsonNode type) {
    if (type.has("value")) {
      return ColumnKind.MAP;
    }
    JsonNode max = type.path("max");
    return max.isTextual() || max.asInt(1) > 1 ? ColumnKind.SET : ColumnKind.ATOM;
  }
}

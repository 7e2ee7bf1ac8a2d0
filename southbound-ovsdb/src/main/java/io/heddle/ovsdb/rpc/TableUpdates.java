package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// All changes of one transaction on the host, by table and row; or all rows, as the first reply of
/// a monitor.
public record TableUpdates(Map<String, Map<UUID, RowChange>> tables) {

  @FunctionalInterface
  private interface RowReader {
    RowChange read(JsonNode json);
  }

  /// `<table-updates>` of RFC 7047 §4.1.6: a row's new contents are told in full.
  static TableUpdates readFirst(JsonNode json) {
    return read(
        json,
        row ->
            row.hasNonNull("new")
                ? new RowChange.Present(ValueJson.readRow(row.get("new")))
                : new RowChange.Gone());
  }

  /// `<table-updates2>` of `ovsdb-server(7)` §4.1.14: differences, and defaults left out.
  static TableUpdates readSecond(JsonNode json) {
    return read(json, TableUpdates::second);
  }

  private static RowChange second(JsonNode row) {
    if (row.hasNonNull("modify")) {
      return new RowChange.Changed(ValueJson.readRow(row.get("modify")));
    }
    for (String whole : new String[] {"initial", "insert"}) {
      if (row.has(whole)) {
        return new RowChange.Present(
            row.get(whole).isNull() ? Row.EMPTY : ValueJson.readRow(row.get(whole)));
      }
    }
    if (row.has("delete")) {
      return new RowChange.Gone();
    }
    throw new ProtocolException("an update of a row that says nothing");
  }

  private static TableUpdates read(JsonNode json, RowReader reader) {
    if (!json.isObject()) {
      throw new ProtocolException("updates of tables are not an object");
    }
    Map<String, Map<UUID, RowChange>> tables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> table : json.properties()) {
      Map<UUID, RowChange> rows = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> row : table.getValue().properties()) {
        rows.put(ValueJson.readId(row.getKey()), reader.read(row.getValue()));
      }
      tables.put(table.getKey(), rows);
    }
    return new TableUpdates(tables);
  }
}

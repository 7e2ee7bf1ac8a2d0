package io.heddle.ovsdb.host;

import io.heddle.ovsdb.rpc.ProtocolException;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.RowChange;
import io.heddle.ovsdb.rpc.Schema;
import io.heddle.ovsdb.rpc.TableUpdates;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// Our copy of a host's tables, kept in step by its updates; owned by the session's thread.
final class Replica {
  private final Schema schema;
  private final Map<String, Map<UUID, Row>> rows = new HashMap<>();

  Replica(Schema schema) {
    this.schema = schema;
  }

  void apply(TableUpdates updates) {
    updates
        .tables()
        .forEach((table, changes) -> {
          Map<UUID, Row> known = rows.computeIfAbsent(table, name -> new LinkedHashMap<>());
          changes.forEach((id, change) -> apply(table, known, id, change));
        });
  }

  private void apply(String table, Map<UUID, Row> known, UUID id, RowChange change) {
    switch (change) {
      case RowChange.Present(Row row) -> known.put(id, row);
      case RowChange.Gone() -> known.remove(id);
      case RowChange.Changed changed -> {
        Row before = known.get(id);
        if (before == null) {
          throw new ProtocolException(
              "a change of a row of %s we were never told".formatted(table));
        }
        known.put(id, changed.applyTo(before, schema.tables().getOrDefault(table, Map.of())));
      }
    }
  }

  /// A window on the rows as they are in this turn.
  HostTables tables() {
    return new HostTables(Collections.unmodifiableMap(rows));
  }
}

package io.heddle.ovsdb.rpc;

import io.heddle.ovsdb.rpc.Schema.ColumnKind;
import io.heddle.ovsdb.rpc.Value.Atom;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What an update says of one row.
public sealed interface RowChange {

  /// The row is new, or told anew in full.
  record Present(Row row) implements RowChange {}

  /// The row changed; only the changed columns are carried, as differences by their [ColumnKind].
  record Changed(Row difference) implements RowChange {

    public Row applyTo(Row before, Map<String, ColumnKind> kinds) {
      Map<String, Value> columns = new LinkedHashMap<>(before.columns());
      difference
          .columns()
          .forEach((column, change) ->
              columns.merge(
                  column,
                  change,
                  (old, diff) ->
                      switch (kinds.getOrDefault(column, ColumnKind.ATOM)) {
                        case ATOM -> diff;
                        case SET -> new Value.SetOf(toggled(members(old), members(diff)));
                        case MAP -> new Value.MapOf(merged(pairs(old), pairs(diff)));
                      }));
      return new Row(columns);
    }

    private static Set<Atom> toggled(Set<Atom> members, Set<Atom> difference) {
      Set<Atom> result = new LinkedHashSet<>(members);
      for (Atom member : difference) {
        if (!result.remove(member)) {
          result.add(member);
        }
      }
      return result;
    }

    private static Map<Atom, Atom> merged(Map<Atom, Atom> pairs, Map<Atom, Atom> difference) {
      Map<Atom, Atom> result = new LinkedHashMap<>(pairs);
      difference.forEach((key, value) -> {
        if (!result.remove(key, value)) {
          result.put(key, value);
        }
      });
      return result;
    }

    private static Set<Atom> members(Value value) {
      return switch (value) {
        case Value.SetOf(Set<Atom> members) -> members;
        case Atom single -> Set.of(single);
        case Value.MapOf map -> throw new ProtocolException("a map where the schema says set");
      };
    }

    private static Map<Atom, Atom> pairs(Value value) {
      return switch (value) {
        case Value.MapOf(Map<Atom, Atom> pairs) -> pairs;
        case Value.SetOf set -> throw new ProtocolException("a set where the schema says map");
        case Atom single -> throw new ProtocolException("an atom where the schema says map");
      };
    }
  }

  /// The row was deleted.
  record Gone() implements RowChange {}
}

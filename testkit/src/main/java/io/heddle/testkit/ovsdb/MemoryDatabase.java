package io.heddle.testkit.ovsdb;

import io.heddle.ovsdb.rpc.Operation;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Operation.Mutation;
import io.heddle.ovsdb.rpc.Row;
import io.heddle.ovsdb.rpc.Value;
import io.heddle.ovsdb.rpc.Value.Atom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/// Tables of rows that take transactions: all operations or none. No schema, no garbage collection,
/// one thread.
final class MemoryDatabase {

  /// One operation's answer, or the error that undid the transaction.
  sealed interface Result {
    record Done(int count) implements Result {}

    record Inserted(UUID id) implements Result {}

    record Selected(List<Row> rows) implements Result {}

    record Failed(String error) implements Result {}
  }

  private final Supplier<UUID> ids;
  private Map<String, Map<UUID, Row>> tables = new TreeMap<>();

  MemoryDatabase(Supplier<UUID> ids) {
    this.ids = ids;
  }

  Map<UUID, Row> table(String name) {
    return tables.getOrDefault(name, Map.of());
  }

  Optional<Map.Entry<UUID, Row>> named(String table, String name) {
    return table(table).entrySet().stream()
        .filter(entry -> entry.getValue().text("name").equals(name))
        .findFirst();
  }

  /// Sets columns of one row, outside any transaction: what the switch does to its own columns.
  void put(String table, UUID id, Row row) {
    tables.computeIfAbsent(table, name -> new LinkedHashMap<>()).put(id, row);
  }

  void remove(String table, UUID id) {
    tables.getOrDefault(table, new HashMap<>()).remove(id);
  }

  List<Result> transact(List<Operation> operations) {
    Map<String, Map<UUID, Row>> before = new TreeMap<>();
    tables.forEach((name, rows) -> before.put(name, new LinkedHashMap<>(rows)));
    Map<String, UUID> named = new HashMap<>();
    for (Operation operation : operations) {
      if (operation instanceof Operation.Insert insert && !insert.name().isEmpty()) {
        named.put(insert.name(), ids.get());
      }
    }
    List<Result> results = new ArrayList<>();
    for (Operation operation : operations) {
      Result result = apply(operation, named);
      results.add(result);
      if (result instanceof Result.Failed) {
        tables = before;
        return results;
      }
    }
    return results;
  }

  private Result apply(Operation operation, Map<String, UUID> named) {
    return switch (operation) {
      case Operation.Insert insert -> {
        UUID id =
            insert.name().isEmpty() ? ids.get() : named.getOrDefault(insert.name(), ids.get());
        put(insert.table(), id, resolved(insert.row(), named));
        yield new Result.Inserted(id);
      }
      case Operation.Update update -> {
        List<UUID> rows = select(update.table(), update.where());
        for (UUID id : rows) {
          Row row = table(update.table()).getOrDefault(id, Row.EMPTY);
          for (Map.Entry<String, Value> column :
              resolved(update.row(), named).columns().entrySet()) {
            row = row.with(column.getKey(), column.getValue());
          }
          put(update.table(), id, row);
        }
        yield new Result.Done(rows.size());
      }
      case Operation.Mutate mutate -> {
        List<UUID> rows = select(mutate.table(), mutate.where());
        for (UUID id : rows) {
          Row row = table(mutate.table()).getOrDefault(id, Row.EMPTY);
          for (Mutation mutation : mutate.mutations()) {
            row = row.with(mutation.column(), mutated(row, mutation, named));
          }
          put(mutate.table(), id, row);
        }
        yield new Result.Done(rows.size());
      }
      case Operation.Select select ->
          new Result.Selected(cut(select.table(), select.where(), select.columns()));
      case Operation.Delete delete -> {
        List<UUID> rows = select(delete.table(), delete.where());
        rows.forEach(id -> remove(delete.table(), id));
        yield new Result.Done(rows.size());
      }
      case Operation.Wait wait -> {
        List<Row> found = cut(wait.table(), wait.where(), wait.columns());
        boolean holds = found.size() == wait.rows().size() && found.containsAll(wait.rows());
        yield holds ? new Result.Done(0) : new Result.Failed("timed out");
      }
      case Operation.Comment ignored -> new Result.Done(0);
    };
  }

  private List<UUID> select(String table, List<Condition> where) {
    return table(table).entrySet().stream()
        .filter(entry ->
            where.stream()
                .allMatch(condition -> holds(condition, entry.getKey(), entry.getValue())))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<Row> cut(String table, List<Condition> where, List<String> columns) {
    List<Row> rows = new ArrayList<>();
    for (UUID id : select(table, where)) {
      Row whole = table(table).getOrDefault(id, Row.EMPTY);
      Row row = Row.EMPTY;
      for (String column : columns) {
        row = row.with(column, whole.column(column, Value.NOTHING));
      }
      rows.add(row);
    }
    return rows;
  }

  private static boolean holds(Condition condition, UUID id, Row row) {
    Value actual =
        condition.column().equals("_uuid")
            ? Value.of(id)
            : row.column(condition.column(), Value.NOTHING);
    return switch (condition.function()) {
      case EQUAL -> actual.equals(condition.value());
      case NOT_EQUAL -> !actual.equals(condition.value());
      case INCLUDES -> includes(actual, condition.value());
      case EXCLUDES -> !includes(actual, condition.value());
    };
  }

  private static boolean includes(Value whole, Value part) {
    return switch (part) {
      case Value.MapOf(Map<Atom, Atom> pairs) ->
          pairs(whole).entrySet().containsAll(pairs.entrySet());
      case Value.SetOf(Set<Atom> members) -> members(whole).containsAll(members);
      case Atom single -> members(whole).contains(single);
    };
  }

  private static Value mutated(Row row, Mutation mutation, Map<String, UUID> named) {
    Value now = row.column(mutation.column(), Value.NOTHING);
    Value change = resolved(mutation.value(), named);
    return switch (mutation.mutator()) {
      case INSERT -> {
        if (change instanceof Value.MapOf(Map<Atom, Atom> added)) {
          Map<Atom, Atom> pairs = new LinkedHashMap<>(added);
          pairs.putAll(pairs(now));
          yield new Value.MapOf(pairs);
        }
        Set<Atom> members = new LinkedHashSet<>(members(now));
        members.addAll(members(change));
        yield new Value.SetOf(members);
      }
      case DELETE -> {
        if (now instanceof Value.MapOf(Map<Atom, Atom> present)) {
          Map<Atom, Atom> pairs = new LinkedHashMap<>(present);
          pairs.keySet().removeAll(members(change));
          yield new Value.MapOf(pairs);
        }
        Set<Atom> members = new LinkedHashSet<>(members(now));
        members.removeAll(members(change));
        yield new Value.SetOf(members);
      }
      case ADD -> Value.of(row.number(mutation.column()).orElse(0) + number(change));
    };
  }

  private static long number(Value value) {
    return value instanceof Value.Whole(long number) ? number : 0;
  }

  private static Set<Atom> members(Value value) {
    return switch (value) {
      case Value.SetOf(Set<Atom> members) -> members;
      case Atom single -> Set.of(single);
      case Value.MapOf ignored -> Set.of();
    };
  }

  private static Map<Atom, Atom> pairs(Value value) {
    return value instanceof Value.MapOf(Map<Atom, Atom> pairs) ? pairs : Map.of();
  }

  private static Row resolved(Row row, Map<String, UUID> named) {
    Map<String, Value> columns = new LinkedHashMap<>();
    row.columns().forEach((column, value) -> columns.put(column, resolved(value, named)));
    return new Row(columns);
  }

  private static Value resolved(Value value, Map<String, UUID> named) {
    return switch (value) {
      case Value.SetOf(Set<Atom> members) -> {
        Set<Atom> atoms = new LinkedHashSet<>();
        members.forEach(member -> atoms.add(resolvedAtom(member, named)));
        yield new Value.SetOf(atoms);
      }
      case Atom atom -> resolvedAtom(atom, named);
      case Value.MapOf map -> map;
    };
  }

  private static Atom resolvedAtom(Atom atom, Map<String, UUID> named) {
    if (!(atom instanceof Value.NewRow(String name))) {
      return atom;
    }
    UUID id = named.get(name);
    if (id == null) {
      throw new IllegalArgumentException("no insert names " + name);
    }
    return Value.of(id);
  }
}

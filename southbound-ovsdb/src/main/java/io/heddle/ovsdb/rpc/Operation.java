package io.heddle.ovsdb.rpc;

import java.util.List;
import java.util.UUID;

/// One operation of a transaction (RFC 7047 §5.2). A transaction's operations all take effect or
/// none does.
public sealed interface Operation {

  /// Adds a row; `name` lets other operations of the transaction refer to it ([Value.NewRow]).
  record Insert(String table, String name, Row row) implements Operation {}

  /// Sets columns of all rows that `where` selects.
  record Update(String table, List<Condition> where, Row row) implements Operation {}

  /// Adds to or takes from sets, maps and numbers, without reading them first.
  record Mutate(String table, List<Condition> where, List<Mutation> mutations)
      implements Operation {}

  record Select(String table, List<Condition> where, List<String> columns) implements Operation {}

  record Delete(String table, List<Condition> where) implements Operation {}

  /// Fails the transaction at once unless the rows that `where` selects, cut to `columns`, are
  /// `rows`.
  ///
  /// The protocol could also wait for it; we never do: our view of the host would be stale by then.
  record Wait(String table, List<Condition> where, List<String> columns, List<Row> rows)
      implements Operation {}

  /// What the server writes into its log with the transaction: who changed the host and why.
  record Comment(String text) implements Operation {}

  /// A test on one column; all conditions of a `where` must hold.
  record Condition(String column, Function function, Value value) {
    public static List<Condition> isRow(UUID id) {
      return List.of(new Condition("_uuid", Function.EQUAL, Value.of(id)));
    }

    public static List<Condition> named(String name) {
      return List.of(new Condition("name", Function.EQUAL, Value.of(name)));
    }
  }

  /// A change of one column relative to what it holds.
  record Mutation(String column, Mutator mutator, Value value) {
    public static Mutation insert(String column, Value value) {
      return new Mutation(column, Mutator.INSERT, value);
    }

    /// Takes members from a set, or from a map the pairs whose keys are the members of `value`.
    public static Mutation delete(String column, Value value) {
      return new Mutation(column, Mutator.DELETE, value);
    }
  }

  enum Function {
    EQUAL("=="),
    NOT_EQUAL("!="),
    INCLUDES("includes"),
    EXCLUDES("excludes");

    private final String symbol;

    Function(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  enum Mutator {
    INSERT("insert"),
    DELETE("delete"),
    ADD("+=");

    private final String symbol;

    Mutator(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }
}

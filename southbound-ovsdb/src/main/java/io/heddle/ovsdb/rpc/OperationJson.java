package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Operation.Function;
import io.heddle.ovsdb.rpc.Operation.Mutation;
import io.heddle.ovsdb.rpc.Operation.Mutator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Operations to JSON and back (RFC 7047 §5.2).
public final class OperationJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OperationJson() {}

  public static ObjectNode write(Operation operation) {
    return switch (operation) {
      case Operation.Insert insert -> {
        ObjectNode json = on("insert", insert.table());
        json.put("uuid-name", insert.name());
        yield json.set("row", ValueJson.write(insert.row()));
      }
      case Operation.Update update ->
          on("update", update.table(), update.where()).set("row", ValueJson.write(update.row()));
      case Operation.Mutate mutate -> {
        ObjectNode json = on("mutate", mutate.table(), mutate.where());
        ArrayNode mutations = json.putArray("mutations");
        mutate.mutations().forEach(mutation -> mutations.add(write(mutation)));
        yield json;
      }
      case Operation.Select select ->
          on("select", select.table(), select.where()).set("columns", texts(select.columns()));
      case Operation.Delete delete -> on("delete", delete.table(), delete.where());
      case Operation.Wait wait -> {
        ObjectNode json = on("wait", wait.table(), wait.where());
        json.put("timeout", 0);
        json.set("columns", texts(wait.columns()));
        json.put("until", "==");
        ArrayNode rows = json.putArray("rows");
        wait.rows().forEach(row -> rows.add(ValueJson.write(row)));
        yield json;
      }
      case Operation.Comment(String text) ->
          JSON.objectNode().put("op", "comment").put("comment", text);
    };
  }

  private static ObjectNode on(String op, String table) {
    return JSON.objectNode().put("op", op).put("table", table);
  }

  private static ObjectNode on(String op, String table, List<Condition> where) {
    ObjectNode json = on(op, table);
    ArrayNode conditions = json.putArray("where");
    for (Condition condition : where) {
      conditions
          .addArray()
          .add(condition.column())
          .add(condition.function().symbol())
          .add(ValueJson.write(condition.value()));
    }
    return json;
  }

  private static ArrayNode write(Mutation mutation) {
    return JSON.arrayNode()
        .add(mutation.column())
        .add(mutation.mutator().symbol())
        .add(ValueJson.write(mutation.value()));
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = JSON.arrayNode(texts.size());
    texts.forEach(array::add);
    return array;
  }

  /// Reads an operation: what a server does, so a simulated host too.
  public static Operation read(JsonNode json) {
    String table = json.path("table").asText("");
    return switch (json.path("op").asText("")) {
      case "insert" ->
          new Operation.Insert(
              table, json.path("uuid-name").asText(""), ValueJson.readRow(json.path("row")));
      case "update" ->
          new Operation.Update(table, where(json), ValueJson.readRow(json.path("row")));
      case "mutate" -> new Operation.Mutate(table, where(json), mutations(json));
      case "select" -> new Operation.Select(table, where(json), columns(json));
      case "delete" -> new Operation.Delete(table, where(json));
      case "wait" -> {
        if (!json.path("until").asText("").equals("==") || json.path("timeout").asInt(-1) != 0) {
          throw new ProtocolException("a wait other than for == and without delay");
        }
        yield new Operation.Wait(table, where(json), columns(json), rows(json));
      }
      case "comment" -> new Operation.Comment(json.path("comment").asText(""));
      default ->
          throw new ProtocolException(
              "no such operation: " + Quoted.of(json.path("op").asText("")));
    };
  }

  private static List<Condition> where(JsonNode json) {
    List<Condition> conditions = new ArrayList<>();
    for (JsonNode condition : json.path("where")) {
      Function function =
          Stream.of(Function.values())
              .filter(known -> known.symbol().equals(condition.path(1).asText()))
              .findFirst()
              .orElseThrow(() -> new ProtocolException("no such test: " + condition.path(1)));
      conditions.add(
          new Condition(condition.path(0).asText(), function, ValueJson.read(condition.path(2))));
    }
    return conditions;
  }

  private static List<Mutation> mutations(JsonNode json) {
    List<Mutation> mutations = new ArrayList<>();
    for (JsonNode mutation : json.path("mutations")) {
      Mutator mutator =
          Stream.of(Mutator.values())
              .filter(known -> known.symbol().equals(mutation.path(1).asText()))
              .findFirst()
              .orElseThrow(() -> new ProtocolException("no such mutation: " + mutation.path(1)));
      mutations.add(
          new Mutation(mutation.path(0).asText(), mutator, ValueJson.read(mutation.path(2))));
    }
    return mutations;
  }

  private static List<String> columns(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.path("columns").forEach(column -> names.add(column.asText()));
    return names;
  }

  private static List<Row> rows(JsonNode json) {
    List<Row> rows = new ArrayList<>();
    json.path("rows").forEach(row -> rows.add(ValueJson.readRow(row)));
    return rows;
  }
}

package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Operation.Mutation;
import java.util.List;

/// Operations as JSON (RFC 7047 §5.2).
final class OperationJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OperationJson() {}

  static ObjectNode write(Operation operation) {
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
}

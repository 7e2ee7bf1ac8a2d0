package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// The client's calls of RFC 7047 §4.1 on one database, typed.
///
/// Futures complete on the session's event loop. A server sends the updates that a transaction
/// causes before it answers the transaction, so whoever waits for the answer has seen the change.
public final class OvsdbClient {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// What we call our monitor; there is one for each session.
  private static final String MONITOR = "heddle";

  /// Of the transaction to resume after: none. A standalone server could not resume anyway.
  private static final String FROM_THE_START = "00000000-0000-0000-0000-000000000000";

  private final RpcSession session;
  private final String database;

  public OvsdbClient(RpcSession session, String database) {
    this.session = session;
    this.database = database;
  }

  /// Asks for the schema; an answer proves the peer to be an ovsdb-server with our database.
  public CompletableFuture<Schema> schema() {
    return session
        .request("get_schema", JSON.arrayNode().add(database), session.timings().handshake())
        .thenApply(reply -> {
          Schema schema = Schema.read(reply);
          session.proven();
          return schema;
        });
  }

  /// Asks for all rows of the columns named, and every change of them from then on.
  ///
  /// Tries the newest way first, which tells differences (a bridge of 2,000 ports is not told anew
  /// for each port that joins); servers before 2.12 and 2.6 lack the first and the second.
  public CompletableFuture<TableUpdates> monitor(Map<String, List<String>> columns) {
    ObjectNode tables = JSON.objectNode();
    columns.forEach((table, names) -> {
      ArrayNode list = JSON.arrayNode();
      names.forEach(list::add);
      tables.set(table, JSON.arrayNode().add(JSON.objectNode().set("columns", list)));
    });
    ArrayNode params = JSON.arrayNode().add(database).add(MONITOR).add(tables);
    ArrayNode sinceParams = params.deepCopy().add(FROM_THE_START);
    return ask("monitor_cond_since", sinceParams, reply -> TableUpdates.readSecond(reply.path(2)))
        .exceptionallyCompose(
            refused -> orElse(refused, "monitor_cond", params, TableUpdates::readSecond))
        .exceptionallyCompose(
            refused -> orElse(refused, "monitor", params, TableUpdates::readFirst));
  }

  private CompletableFuture<TableUpdates> orElse(
      Throwable refused, String method, ArrayNode params, Function<JsonNode, TableUpdates> reader) {
    Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
    return cause instanceof RpcSession.Refusal
        ? ask(method, params, reader)
        : CompletableFuture.failedFuture(refused);
  }

  private CompletableFuture<TableUpdates> ask(
      String method, ArrayNode params, Function<JsonNode, TableUpdates> reader) {
    return session.request(method, params, session.timings().monitor()).thenApply(reader);
  }

  /// Reads a notification, if it is an update of our monitor.
  public static Optional<TableUpdates> updates(String method, JsonNode params) {
    return switch (method) {
      case "update3" -> Optional.of(TableUpdates.readSecond(params.path(2)));
      case "update2" -> Optional.of(TableUpdates.readSecond(params.path(1)));
      case "update" -> Optional.of(TableUpdates.readFirst(params.path(1)));
      default -> Optional.empty();
    };
  }

  /// Changes the host: all operations or none.
  public CompletableFuture<TransactOutcome> transact(List<Operation> operations) {
    ArrayNode params = JSON.arrayNode().add(database);
    operations.forEach(operation -> params.add(OperationJson.write(operation)));
    return session
        .request("transact", params, session.timings().transact())
        .thenApply(reply -> TransactOutcome.read(reply, operations.size()));
  }
}

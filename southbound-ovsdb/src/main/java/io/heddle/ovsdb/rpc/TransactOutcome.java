package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// How a transaction ended (RFC 7047 §4.1.3).
public sealed interface TransactOutcome {

  /// All operations took effect; one result for each, in order.
  record Committed(List<Result> results) implements TransactOutcome {}

  /// None took effect. `operation` is the index of the one that failed, or the number of operations
  /// when only the commit itself failed (a constraint of the schema).
  record Refused(int operation, String error, String details) implements TransactOutcome {

    /// A [Operation.Wait] did not hold: somebody changed the host since we looked, or another epoch
    /// rules it.
    public boolean overtaken() {
      return error.equals("timed out");
    }
  }

  /// What one operation answered: the rows of a select, the count of an update, mutate or delete.
  record Result(long count, List<Row> rows) {}

  static TransactOutcome read(JsonNode reply, int operations) {
    if (!reply.isArray()) {
      throw new ProtocolException("the reply to transact is not an array");
    }
    List<Result> results = new ArrayList<>(operations);
    for (int i = 0; i < reply.size(); i++) {
      JsonNode result = reply.get(i);
      if (result.hasNonNull("error")) {
        return new Refused(i, result.path("error").asText(), result.path("details").asText(""));
      }
      List<Row> rows = new ArrayList<>();
      result.path("rows").forEach(row -> rows.add(ValueJson.readRow(row)));
      results.add(new Result(result.path("count").asLong(), rows));
    }
    if (results.size() != operations) {
      throw new ProtocolException(
          "%d results for %d operations".formatted(results.size(), operations));
    }
    return new Committed(results);
  }
}

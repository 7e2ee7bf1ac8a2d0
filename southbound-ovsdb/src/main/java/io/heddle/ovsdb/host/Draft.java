package io.heddle.ovsdb.host;

import io.heddle.ovsdb.rpc.Operation;
import java.util.ArrayList;
import java.util.List;

/// A transaction being written: operations, and what they change in words.
final class Draft {
  private final List<Operation> operations = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();

  /// Adds what other operations need or refer to.
  void add(Operation operation) {
    operations.add(operation);
  }

  /// Adds a change worth telling.
  void change(Operation operation, String what) {
    operations.add(operation);
    changes.add(what);
  }

  /// Tells what another operation brings about besides.
  void note(String what) {
    changes.add(what);
  }

  /// Nothing to change means nothing to send: the waits alone are not worth a transaction.
  Plan toPlan() {
    if (changes.isEmpty()) {
      return new Plan.InStep();
    }
    operations.add(new Operation.Comment("heddle: " + String.join("; ", changes)));
    return new Plan.Transact(List.copyOf(operations), List.copyOf(changes));
  }
}

package io.heddle.ovsdb.host;

import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.rpc.Operation;
import java.util.List;

/// What is to be done about a host now.
public sealed interface Plan {

  /// Nothing: it is as it should be.
  record InStep() implements Plan {}

  /// One transaction.
  ///
  /// @param changes what it changes, and what it found there, for the log: one phrase each
  record Transact(List<Operation> operations, List<String> changes) implements Plan {}

  /// Nothing, before the operator has mended these.
  record Blocked(List<HostProblem> problems) implements Plan {}

  /// Nothing ever again: a later epoch rules.
  record Fenced(long epochSeen) implements Plan {}
}

package io.heddle.core.reconcile;

import java.util.List;

/// How a look at a switch that somebody asked for ended.
public sealed interface AuditResult {

  /// Every flow and meter was looked at, from the moment of the question on.
  ///
  /// @param repaired what differed has been mended since, as far as the policy lets foreign flows
  ///   be removed
  /// @param differences what differed; when there is very much, only the first of it
  record Looked(Audit counts, boolean repaired, List<Difference> differences)
      implements AuditResult {
    public Looked {
      differences = List.copyOf(differences);
    }
  }

  /// Nobody could look, or not to the end.
  record Unavailable(String why) implements AuditResult {}
}

package io.heddle.node.cluster;

import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Interval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether the cluster's own history tells of what clients were told, and of nothing else: every
/// change that was acknowledged is there once, at the revision that was acknowledged; none that was
/// refused is; one whose outcome is unknown is there once or not at all, and then it is known.
final class LogChecker {
  private final Map<String, List<Change>> log = new HashMap<>();
  private final List<String> anomalies = new ArrayList<>();
  private final List<Operation> settled = new ArrayList<>();

  /// A change of a resource, as `/v1/revisions` has it.
  ///
  /// @param verb `create`, `update` or `delete`
  /// @param request what the client called its request
  record Change(long revision, String verb, String key, String request) {}

  /// @param anomalies what is wrong, in words
  /// @param operations with no unknown one left: those that happened have their revision, and were
  ///   never answered; the others are not there
  record Result(List<String> anomalies, List<Operation> operations) {}

  private LogChecker(List<Change> changes) {
    for (Change change : changes) {
      log.computeIfAbsent(change.request(), _ -> new ArrayList<>()).add(change);
    }
  }

  /// @param log of all revisions of the operations' time
  static Result check(List<Operation> operations, List<Change> log) {
    LogChecker checker = new LogChecker(log);
    operations.forEach(checker::settle);
    checker.log.values().stream()
        .flatMap(List::stream)
        .filter(change -> Operation.isRequest(change.request()))
        .forEach(change -> checker.complain("nobody asked for %s", change));
    return new Result(checker.anomalies, checker.settled);
  }

  private void settle(Operation operation) {
    List<Change> found = log.getOrDefault(operation.request(), List.of());
    Optional<List<Change>> _ = Optional.ofNullable(log.remove(operation.request()));
    if (found.size() > 1) {
      complain("%s was done %d times: %s", operation, found.size(), found);
    }
    Optional<Change> change = found.stream().findFirst();
    change
        .filter(one -> !isOf(one, operation))
        .ifPresent(one -> complain("%s was done as %s", operation, one));
    switch (operation.ending()) {
      case Ending.Committed(long revision) -> {
        if (change.isEmpty()) {
          complain("the history does not tell of %s", operation);
        } else if (change.get().revision() != revision) {
          complain("%s was done as %s", operation, change.get());
        }
        settled.add(operation);
      }
      case Ending.Refused _, Ending.Seen _ -> {
        change.ifPresent(done -> complain("%s, and it was done as %s", operation, done));
        settled.add(operation);
      }
      case Ending.Unknown _ -> change.ifPresent(done -> settled.add(unanswered(operation, done)));
    }
  }

  private static Operation unanswered(Operation operation, Change done) {
    return new Operation(
        operation.number(),
        operation.key(),
        operation.session(),
        operation.action(),
        new Interval(operation.interval().invoked(), Long.MAX_VALUE),
        new Ending.Committed(done.revision()));
  }

  private static boolean isOf(Change change, Operation operation) {
    return change.key().equals(operation.key())
        && change
            .verb()
            .equals(
                switch (operation.action()) {
                  case Action.Create _ -> "create";
                  case Action.Write _ -> "update";
                  case Action.Delete _ -> "delete";
                  case Action.Read _ -> "read";
                });
  }

  private void complain(String what, Object... about) {
    anomalies.add(what.formatted(about));
  }
}

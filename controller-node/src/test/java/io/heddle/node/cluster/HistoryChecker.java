package io.heddle.node.cluster;

import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Whether one store, which does one thing after the other, could have answered all clients so: the
/// linearisability of what they saw.
///
/// Revisions make that easy to tell. They claim an order of everything that was done, so it only
/// remains to see whether that order keeps faith with time (what was answered before another
/// request began comes before it) and whether every answer is right in it. A read may be of an
/// older revision than the newest: it then has to show what was there at that revision, and no
/// client sees a node go backwards.
///
/// An operation whose outcome is unknown may have happened or not. Once somebody has read what it
/// wrote, it has, at the revision that was read.
final class HistoryChecker {
  private final List<Operation> operations;
  private final Map<String, Operation> writers = new HashMap<>();
  private final Map<Operation, Long> learnt = new HashMap<>();
  private final List<String> anomalies = new ArrayList<>();

  private HistoryChecker(List<Operation> operations) {
    this.operations = operations;
  }

  /// What is wrong with a history, in words; empty when nothing is.
  static List<String> anomalies(List<Operation> operations) {
    HistoryChecker checker = new HistoryChecker(List.copyOf(operations));
    checker.noteWriters();
    checker.learn();
    checker.checkOrder();
    Map<String, List<Operation>> byKey =
        operations.stream().collect(Collectors.groupingBy(Operation::key));
    byKey.forEach((key, ofKey) ->
        checker.anomalies.addAll(new KeyChecker(key, ofKey, checker.learnt).anomalies()));
    return checker.anomalies;
  }

  private void noteWriters() {
    for (Operation operation : operations) {
      operation
          .written()
          .ifPresent(value -> {
            if (writers.put(name(operation.key(), value), operation) != null) {
              throw new IllegalArgumentException("the value %s is written twice".formatted(value));
            }
          });
    }
  }

  private static String name(String key, String value) {
    return key + "=" + value;
  }

  /// What reads tell of the writes that they show.
  private void learn() {
    for (Operation read : operations) {
      if (read.ending() instanceof Ending.Seen(Optional<Version> seen, long at)
          && seen.isPresent()) {
        learn(read, seen.get(), at);
      }
    }
  }

  private void learn(Operation read, Version version, long at) {
    Operation writer = writers.get(name(read.key(), version.value()));
    if (writer == null) {
      complain("a value that nobody wrote: %s", read);
      return;
    }
    if (version.revision() > at) {
      complain("a later change than the revision that is shown: %s", read);
    }
    if (read.interval().isBefore(writer.interval())) {
      complain("%s saw what was asked for later, by %s", read, writer);
    }
    switch (writer.ending()) {
      case Ending.Committed(long revision) -> {
        if (revision != version.revision()) {
          complain("%s shows another revision than was acknowledged to %s", read, writer);
        }
      }
      case Ending.Refused _ -> complain("%s saw what had been refused, %s", read, writer);
      case Ending.Unknown _ -> {
        Long before = learnt.putIfAbsent(writer, version.revision());
        if (before != null && before != version.revision()) {
          complain("%s shows another revision than %d, of %s", read, before, writer);
        }
      }
      case Ending.Seen _ -> throw new IllegalArgumentException("a write that reads: " + writer);
    }
  }

  /// Time and revisions agree, over all keys: what is asked for after something was answered has a
  /// later revision.
  private void checkOrder() {
    record Moment(long at, boolean begins, Operation operation) {}

    List<Moment> moments = new ArrayList<>();
    for (Operation operation : operations) {
      moments.add(new Moment(operation.interval().invoked(), true, operation));
      moments.add(new Moment(operation.interval().completed(), false, operation));
    }
    moments.sort(Comparator.comparingLong(Moment::at).thenComparing(moment -> !moment.begins()));
    Optional<Operation> newest = Optional.empty();
    Map<String, Operation> newestOfSession = new HashMap<>();
    for (Moment moment : moments) {
      Operation operation = moment.operation();
      if (moment.begins()) {
        newest.ifPresent(before -> checkAfter(operation, before));
        Optional.ofNullable(newestOfSession.get(operation.session()))
            .filter(_ -> operation.isRead())
            .ifPresent(before -> checkNotOlder(operation, before));
        checkAsked(operation);
      } else if (operation.position().isPresent()) {
        newest = Optional.of(later(newest.orElse(operation), operation));
        newestOfSession.merge(operation.session(), operation, this::later);
      }
    }
  }

  private Operation later(Operation one, Operation other) {
    return other.position().orElse(0) > one.position().orElse(0) ? other : one;
  }

  private void checkAfter(Operation operation, Operation before) {
    OptionalLong at = position(operation);
    if (!operation.isRead() && at.isPresent() && at.getAsLong() <= before.position().orElse(0)) {
      complain("%s comes before %s, which had been answered when it began", operation, before);
    }
  }

  private void checkNotOlder(Operation read, Operation before) {
    OptionalLong at = read.position();
    if (at.isPresent() && at.getAsLong() < before.position().orElse(0)) {
      complain("%s is older than %s, which the same node had answered", read, before);
    }
  }

  private void checkAsked(Operation operation) {
    if (operation.action() instanceof Action.Read(OptionalLong atLeast)
        && operation.position().orElse(Long.MAX_VALUE) < atLeast.orElse(0)) {
      complain("older than was asked for: %s", operation);
    }
  }

  private OptionalLong position(Operation operation) {
    Long revision = learnt.get(operation);
    return revision == null ? operation.position() : OptionalLong.of(revision);
  }

  private void complain(String what, Object... about) {
    anomalies.add(what.formatted(about));
  }
}

package io.heddle.node.cluster;

import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// What happened to one resource, one revision after the other, and whether every answer fits.
///
/// Two writes of one batch have one revision; they were asked for at the same time, and the
/// resource shows one of them.
final class KeyChecker {
  private static final int GONE = 404;
  private static final int MOVED_ON = 412;

  private final String key;
  private final List<Operation> operations;
  private final Map<Operation, Long> learnt;

  /// The changes that are known to have happened.
  private final TreeMap<Long, List<Operation>> changes = new TreeMap<>();

  private final List<String> anomalies = new ArrayList<>();

  /// @param learnt the revisions of operations whose own answers don't say, from what others read
  KeyChecker(String key, List<Operation> operations, Map<Operation, Long> learnt) {
    this.key = key;
    this.operations = operations;
    this.learnt = learnt;
  }

  List<String> anomalies() {
    for (Operation operation : operations) {
      if (!operation.isRead()) {
        revision(operation)
            .ifPresent(at -> changes.computeIfAbsent(at, _ -> new ArrayList<>()).add(operation));
      }
    }
    checkLife();
    for (Operation operation : operations) {
      switch (operation.ending()) {
        case Ending.Seen(Optional<Version> seen, long at) -> checkRead(operation, seen, at);
        case Ending.Committed(long revision) -> checkExpected(operation, revision);
        case Ending.Refused(int status) -> checkRefusal(operation, status);
        case Ending.Unknown _ ->
            revision(operation).ifPresent(revision -> checkExpected(operation, revision));
      }
    }
    checkAbsence();
    return anomalies;
  }

  private OptionalLong revision(Operation change) {
    Long revision = learnt.get(change);
    return revision == null ? change.position() : OptionalLong.of(revision);
  }

  /// It begins with its creation, once, and nothing follows its deletion.
  private void checkLife() {
    boolean began = false;
    boolean deleted = false;
    for (List<Operation> together : changes.values()) {
      for (Operation change : together) {
        if (change.action() instanceof Action.Create && began) {
          complain("%s, and it existed", change);
        }
        if (deleted) {
          complain("%s, and it was deleted", change);
        }
        began = true;
      }
      deleted |= together.stream().anyMatch(Operation::isDeletion);
    }
  }

  /// A read shows what the last change up to its revision left behind.
  private void checkRead(Operation read, Optional<Version> seen, long at) {
    Map.Entry<Long, List<Operation>> last = changes.floorEntry(at);
    List<Operation> lastOnes = last == null ? List.of() : last.getValue();
    boolean deleted = lastOnes.stream().anyMatch(Operation::isDeletion);
    if (seen.isEmpty()) {
      if (!lastOnes.isEmpty() && !deleted && mayBeDeletedBy(read).isEmpty()) {
        complain("%s does not see %s", read, lastOnes);
      }
    } else if (deleted) {
      complain("%s sees what %s deleted", read, lastOnes);
    } else if (last != null && last.getKey() > seen.get().revision()) {
      complain("%s does not see %s", read, lastOnes);
    } else {
      checkOneOfTheBatch(read, seen.get());
    }
  }

  /// Of the writes of one revision, all readers see the same one.
  private void checkOneOfTheBatch(Operation read, Version seen) {
    Set<String> shown = new HashSet<>();
    for (Operation other : operations) {
      if (other.ending() instanceof Ending.Seen(Optional<Version> version, long _)) {
        version
            .filter(one -> one.revision() == seen.revision())
            .ifPresent(one -> shown.add(one.value()));
      }
    }
    if (shown.size() > 1) {
      complain("%s is one of several contents of one revision: %s", read, shown);
    }
  }

  private List<Operation> mayBeDeletedBy(Operation read) {
    return operations.stream()
        .filter(operation -> operation.isDeletion() && operation.isUnknown())
        .filter(deletion -> deletion.interval().invoked() < read.interval().completed())
        .toList();
  }

  /// What was seen to be gone by a deletion of which nothing else is known stays gone.
  private void checkAbsence() {
    OptionalLong gone =
        operations.stream()
            .filter(this::isUnexplainedAbsence)
            .mapToLong(read -> read.position().orElseThrow())
            .min();
    if (gone.isEmpty()) {
      return;
    }
    long at = gone.getAsLong();
    changes.tailMap(at, false).values().stream()
        .flatMap(List::stream)
        .forEach(change -> complain("%s, and it was gone at revision %d", change, at));
    operations.stream()
        .filter(read -> read.position().orElse(0) >= at)
        .filter(read ->
            read.ending() instanceof Ending.Seen(Optional<Version> seen, long _)
                && seen.isPresent())
        .forEach(read -> complain("%s, and it was gone at revision %d", read, at));
  }

  private boolean isUnexplainedAbsence(Operation read) {
    return read.ending() instanceof Ending.Seen(Optional<Version> seen, long at)
        && seen.isEmpty()
        && changes.floorEntry(at) != null
        && changes.floorEntry(at).getValue().stream().noneMatch(Operation::isDeletion);
  }

  /// A change that was to find a certain revision found it: nobody's change was overwritten unseen.
  private void checkExpected(Operation change, long revision) {
    OptionalLong expected = change.expected();
    if (expected.isEmpty()) {
      return;
    }
    Long before = changes.lowerKey(revision);
    if (before != null && before > expected.getAsLong()
        || !changes.containsKey(expected.getAsLong()) && !mayBeUnknown(change)) {
      complain("%s, and its predecessor is %s", change, before == null ? "" : changes.get(before));
    }
  }

  /// Whether somebody who does not know what came of it may have made what a change was to find.
  private boolean mayBeUnknown(Operation change) {
    return operations.stream()
        .filter(other -> !other.isRead() && other.isUnknown() && !learnt.containsKey(other))
        .anyMatch(other -> other.interval().invoked() < change.interval().completed());
  }

  /// Who was refused because the resource had moved on, or was gone, can point to who did that.
  private void checkRefusal(Operation refused, int status) {
    boolean justified =
        switch (status) {
          case MOVED_ON -> anybody(refused, this::mayHaveMovedOn);
          case GONE -> anybody(refused, this::mayHaveDeleted);
          default -> true;
        };
    if (!justified) {
      complain("%s, and nothing had happened to it", refused);
    }
  }

  private interface Reason {
    boolean explains(Operation other, Operation refused);
  }

  private boolean anybody(Operation refused, Reason reason) {
    return operations.stream()
        .filter(other -> other != refused && !other.isRead())
        .filter(other -> !(other.ending() instanceof Ending.Refused))
        .filter(other -> other.interval().invoked() < refused.interval().completed())
        .anyMatch(other -> reason.explains(other, refused));
  }

  private boolean mayHaveMovedOn(Operation other, Operation refused) {
    OptionalLong at = revision(other);
    return at.isEmpty() || at.getAsLong() > refused.expected().orElse(Long.MAX_VALUE);
  }

  private boolean mayHaveDeleted(Operation other, Operation refused) {
    return other.isDeletion();
  }

  private void complain(String what, Object... about) {
    anomalies.add(key + ": " + what.formatted(about));
  }
}

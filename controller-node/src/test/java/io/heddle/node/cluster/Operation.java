package io.heddle.node.cluster;

import java.util.Optional;
import java.util.OptionalLong;

/// One request of a client, from its first byte to the last of its answer, and what the answer
/// said.
///
/// @param number tells operations apart
/// @param key the resource: a name that is given once
/// @param session where it was asked: a node, from one start to the next
record Operation(
    int number, String key, String session, Action action, Interval interval, Ending ending) {

  private static final String REQUEST = "op-";

  /// What was asked for. Every value is written once in a history, so that one who reads it knows
  /// who wrote it.
  sealed interface Action {
    record Create(String value) implements Action {}

    /// @param expected the revision of the resource that it must still have
    record Write(String value, OptionalLong expected) implements Action {}

    record Delete(OptionalLong expected) implements Action {}

    /// @param atLeast the revision that the answer must not be older than
    record Read(OptionalLong atLeast) implements Action {}
  }

  /// What the client was told.
  sealed interface Ending {
    /// It is done.
    record Committed(long revision) implements Ending {}

    /// The resource, or nothing, as it was at a revision of the whole.
    record Seen(Optional<Version> version, long at) implements Ending {}

    /// It was not done, and won't be.
    record Refused(int status) implements Ending {}

    /// Nobody knows.
    record Unknown(String why) implements Ending {}
  }

  /// A resource's value, and the revision that changed it last.
  record Version(String value, long revision) {}

  /// By a clock that all clients share, in nanoseconds.
  record Interval(long invoked, long completed) {
    boolean isBefore(Interval other) {
      return completed < other.invoked;
    }
  }

  /// What the client calls its request.
  String request() {
    return request(number);
  }

  static String request(int number) {
    return REQUEST + number;
  }

  /// Whether a request is one of ours.
  static boolean isRequest(String name) {
    return name.startsWith(REQUEST);
  }

  /// The value that it would leave behind: nothing for a read or a deletion.
  Optional<String> written() {
    return switch (action) {
      case Action.Create(String value) -> Optional.of(value);
      case Action.Write(String value, OptionalLong _) -> Optional.of(value);
      case Action.Delete _, Action.Read _ -> Optional.empty();
    };
  }

  OptionalLong expected() {
    return switch (action) {
      case Action.Write(String _, OptionalLong expected) -> expected;
      case Action.Delete(OptionalLong expected) -> expected;
      case Action.Create _, Action.Read _ -> OptionalLong.empty();
    };
  }

  boolean isRead() {
    return action instanceof Action.Read;
  }

  boolean isDeletion() {
    return action instanceof Action.Delete;
  }

  boolean isUnknown() {
    return ending instanceof Ending.Unknown;
  }

  /// The revision at which it is known to have happened, by its own answer.
  OptionalLong position() {
    return switch (ending) {
      case Ending.Committed(long revision) -> OptionalLong.of(revision);
      case Ending.Seen(Optional<Version> _, long at) -> OptionalLong.of(at);
      case Ending.Refused _, Ending.Unknown _ -> OptionalLong.empty();
    };
  }

  @Override
  public String toString() {
    return "#%d %s %s via %s: %s".formatted(number, action, key, session, ending);
  }
}

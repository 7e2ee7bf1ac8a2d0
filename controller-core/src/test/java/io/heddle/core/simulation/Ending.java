package io.heddle.core.simulation;

/// How an operation ended for the client that asked for it.
sealed interface Ending {

  /// It was carried out at a revision.
  record Done(String result, long revision) implements Ending {}

  /// It was carried out, but the answer was lost: only the log told.
  record DoneUnanswered(long revision) implements Ending {}

  /// Refused because the register held another value; nothing changed.
  record Refused(String held) implements Ending {}

  /// Nothing happened, and nothing will.
  record Nothing(String why) implements Ending {}

  /// Nobody can tell.
  record Unknown(String why) implements Ending {}
}

package io.heddle.core.simulation;

import java.util.List;

/// What servers of the log say to each other (the Raft paper, figures 2 and 13).
sealed interface RaftMessage {

  long term();

  int from();

  /// @param trial nobody is bound by the answer: the candidate only wants to know whether it would
  ///   win
  record AskVote(long term, int from, long lastIndex, long lastTerm, boolean trial)
      implements RaftMessage {}

  record Vote(long term, int from, long askedTerm, boolean granted, boolean trial)
      implements RaftMessage {}

  /// @param sentAt when the leader asked; comes back with the answer
  record Append(
      long term,
      int from,
      long previous,
      long previousTerm,
      List<RaftDisk.Entry> entries,
      long committed,
      long sentAt)
      implements RaftMessage {}

  record Install(long term, int from, long index, long indexTerm, byte[] snapshot, long sentAt)
      implements RaftMessage {}

  /// @param match up to here the logs agree; where it failed, where they may
  record Appended(long term, int from, boolean success, long match, long sentAt)
      implements RaftMessage {}
}

package io.heddle.core.simulation;

/// Mistakes that can be put into a run on purpose, to see that its checks find them.
enum Mutation {
  /// What was decided in a leadership that ended is submitted to the next one.
  DECIDES_AGAIN_IN_A_LATER_TERM,
  /// A request that is handed on counts in whichever term it arrives.
  RELAYS_WITHOUT_A_TERM,
  /// A node claims switches though it has not heard from a quorum.
  CLAIMS_WITHOUT_CONTACT,
  /// A node programs a switch before the switch has answered its claim.
  PROGRAMS_BEFORE_THE_ANSWER,
  /// A switch takes any generation id.
  SWITCH_FORGETS_GENERATIONS,
  /// A switch lets the former master be one of two.
  SWITCH_KEEPS_THE_OLD_MASTER,
  /// A switch takes the writes of slaves.
  SWITCH_OBEYS_SLAVES,
  /// The log says that it did not append what it did append.
  LOG_DENIES_WHAT_IT_APPENDED,
  /// The log counts what is not on disk.
  DISK_IS_NOT_SYNCED,
  /// A node votes twice in a term.
  VOTES_TWICE,
  /// A leader that was deposed answers as if it were still one.
  ANSWERS_WITHOUT_A_MAJORITY
}

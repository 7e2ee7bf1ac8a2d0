package io.heddle.core.simulation;

import io.heddle.core.simulation.Faults.Kind;
import java.util.List;

/// Mistakes that can be put into a run on purpose, to see that its checks find them.
enum Mutation {
  /// What was decided in a leadership that ended is submitted to the next one of the same node.
  DECIDES_AGAIN_IN_A_LATER_TERM("applied at", Kind.ELECTIONS, Kind.ISOLATE_LEADER, Kind.HEAL),
  /// A request that is handed on counts in whichever term it arrives.
  RELAYS_WITHOUT_A_TERM("was applied", Kind.PART_ONE_WAY, Kind.STAND),
  /// A leader that was deposed answers as if it were still one.
  ANSWERS_WITHOUT_A_MAJORITY("before", Kind.ISOLATE_LEADER, Kind.HEAL),
  /// A node reports of a host whoever is its master by the time that the report arrives.
  REPORTS_WITHOUT_A_MANDATE("is taken, and", Kind.PART, Kind.ISOLATE_LEADER, Kind.STALL),
  /// A node claims switches though it may have missed later views.
  CLAIMS_WITHOUT_CONTACT("made another node its master", Kind.PART, Kind.RESTART_SWITCH),
  /// A node takes the leader's word for contact, however far behind it is itself.
  TAKES_A_WORD_FOR_CONTACT("", Kind.KILL_ALL, Kind.PART, Kind.RESTART_SWITCH),
  /// A node programs a switch before the switch has answered its claim.
  PROGRAMS_BEFORE_THE_ANSWER("hv", Kind.PART, Kind.STALL, Kind.BREAK_LINK),
  /// A switch takes any generation id.
  SWITCH_FORGETS_GENERATIONS("hv", Kind.STALL, Kind.FREEZE, Kind.PART, Kind.BREAK_LINK),
  /// A switch lets the former master be one of two.
  SWITCH_KEEPS_THE_OLD_MASTER("2 masters", Kind.FREEZE, Kind.PART),
  /// A switch takes the writes of slaves.
  SWITCH_OBEYS_SLAVES("obeys", Kind.STALL, Kind.FREEZE, Kind.PART),
  /// The log says that it did not append what it did append.
  LOG_DENIES_WHAT_IT_APPENDED("was said never to be", Kind.HEAL),
  /// The log counts what is not on disk.
  DISK_IS_NOT_SYNCED("", Kind.KILL_ALL, Kind.KILL),
  /// A node votes twice in a term.
  VOTES_TWICE("two leaders", Kind.ELECTIONS, Kind.STAND);

  private final String symptom;
  private final List<Kind> exposedBy;

  /// @param symptom a part of what the checks say
  Mutation(String symptom, Kind... exposedBy) {
    this.symptom = symptom;
    this.exposedBy = List.of(exposedBy);
  }

  String symptom() {
    return symptom;
  }

  /// The misfortunes that bring it to light.
  List<Kind> exposedBy() {
    return exposedBy;
  }
}

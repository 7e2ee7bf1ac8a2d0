package io.heddle.core.simulation;

/// What a node and a switch say to each other, as far as it matters who is master (OpenFlow 1.4
/// §6.3.7, §7.3.9).
sealed interface SwitchMessage {

  sealed interface ToSwitch extends SwitchMessage {}

  sealed interface FromSwitch extends SwitchMessage {}

  record AskRole(SimulatedSwitch.Role role, long generation) implements ToSwitch {}

  /// A bundle that brings the switch to a revision, and the barrier behind it.
  record Program(long revision) implements ToSwitch {}

  record RoleGiven(SimulatedSwitch.Role role, long generation) implements FromSwitch {}

  /// `OFPRRFC_STALE`, and what a query of the role says afterwards.
  record RoleStale(long seen) implements FromSwitch {}

  /// `OFPBRC_IS_SLAVE`
  record IsSlave() implements FromSwitch {}

  /// A role status: another connection became master.
  record Demoted() implements FromSwitch {}

  record Programmed(long revision) implements FromSwitch {}

  /// What the host's database says: so many interfaces have been plugged in so far.
  record Plugged(long count) implements FromSwitch {}
}

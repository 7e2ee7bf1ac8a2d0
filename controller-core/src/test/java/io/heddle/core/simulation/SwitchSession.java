package io.heddle.core.simulation;

import io.heddle.core.cluster.Claim;
import org.jspecify.annotations.Nullable;

/// A node's side of a connection to a switch: claims what the view says and, as master, brings the
/// switch to the revision that this node has applied. It sends nothing but its claim until the
/// answer.
final class SwitchSession {

  private final SwitchSessions sessions;
  private final SwitchLink link;
  private @Nullable Claim asked;
  private @Nullable Claim granted;
  private long sent;

  SwitchSession(SwitchSessions sessions, SwitchLink link) {
    this.sessions = sessions;
    this.link = link;
  }

  /// Puts to the switch what may be said to it now, if that is news.
  void reclaim() {
    Claim claim = sessions.claim(link.ofSwitch().host());
    if (asked != null || claim.equals(granted)) {
      return;
    }
    switch (claim) {
      case Claim.Hold() -> {}
      case Claim.Master(long epoch) -> ask(claim, SimulatedSwitch.Role.MASTER, epoch);
      case Claim.Standby(long epoch) -> ask(claim, SimulatedSwitch.Role.SLAVE, epoch);
    }
  }

  private void ask(Claim claim, SimulatedSwitch.Role role, long epoch) {
    asked = claim;
    if (role == SimulatedSwitch.Role.MASTER) {
      sessions.requireFresh(link, epoch, "claims");
    }
    link.ask(new SwitchMessage.AskRole(role, epoch));
    program();
  }

  /// Brings the switch to the newest revision, where this node is its master.
  void program() {
    Claim claim = sessions.claim(link.ofSwitch().host());
    long revision = sessions.revision();
    boolean mine =
        asked == null && claim.equals(granted) || sessions.has(Mutation.PROGRAMS_BEFORE_THE_ANSWER);
    if (mine && claim instanceof Claim.Master(long epoch) && revision > sent) {
      sessions.requireFresh(link, epoch, "programs");
      sent = revision;
      link.ask(new SwitchMessage.Program(revision));
    }
  }

  void heard(SwitchMessage.FromSwitch message) {
    switch (message) {
      case SwitchMessage.RoleGiven given -> {
        granted = asked;
        asked = null;
        sent = given.role() == SimulatedSwitch.Role.MASTER ? sent : 0;
        reclaim();
        program();
      }
      case SwitchMessage.RoleStale stale -> {
        asked = null;
        sessions.stale(link, stale.seen());
        link.closeAtNode();
      }
      case SwitchMessage.IsSlave(), SwitchMessage.Demoted() -> {
        if (granted instanceof Claim.Master) {
          granted = null;
          sent = 0;
        }
      }
      case SwitchMessage.Programmed _ -> {}
    }
  }

  void ended() {
    sessions.ended(this);
  }

  SwitchLink link() {
    return link;
  }
}

package io.heddle.firewall.rule;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// The words in which the firewall speaks to connection tracking.
final class Tracking {

  /// Both families: an action on connections is taken only from a flow that matches one.
  static final List<Match> IP = List.of(Match.IPV4, Match.IPV6);

  /// ICMP of both.
  static final List<Match> ICMP =
      List.of(Match.ipProtocol(Match.ICMP), Match.ipv6Protocol(Match.ICMPV6));

  /// Not a connection that could exist: an ACK out of the window, a reply to nothing.
  static final Match INVALID = Match.ctState(List.of(CtState.TRACKED, CtState.INVALID), List.of());

  /// From the end that did not open the connection, errors about it included.
  static final Match REPLY =
      Match.ctState(List.of(CtState.TRACKED, CtState.REPLY), List.of(CtState.INVALID));

  /// An ICMP error about a connection, from the end that opened it.
  static final Match RELATED =
      Match.ctState(
          List.of(CtState.TRACKED, CtState.RELATED), List.of(CtState.INVALID, CtState.REPLY));

  /// A packet that opens a connection, or is taken to.
  static final Match NEW =
      Match.ctState(List.of(CtState.TRACKED, CtState.NEW), List.of(CtState.INVALID));

  /// A packet of the end that opened a connection which is remembered.
  static final Match ESTABLISHED =
      Match.ctState(
          List.of(CtState.TRACKED, CtState.ESTABLISHED), List.of(CtState.INVALID, CtState.REPLY));

  /// A part of a packet, the first or a later one.
  static final Match FRAGMENT = Match.of(Header.IP_FRAG, 1, 1);

  /// A part that has no ports: Open vSwitch's userspace datapath gives fragments back one by one,
  /// each with its packet's state and only the first with its packet's ports.
  static final Match LATER_FRAGMENT = Match.of(Header.IP_FRAG, 3, 3);

  private static final Action.Zone ZONE = new Action.Zone.In(Registers.CT_ZONE);

  private Tracking() {}

  /// Looks the packet up and goes on with its state known.
  static Action lookUp(Stage next) {
    return new Action.Ct(false, ZONE, next.table(), List.of());
  }

  /// Remembers the connection.
  static Action remember() {
    return new Action.Ct(true, ZONE, null, List.of());
  }
}

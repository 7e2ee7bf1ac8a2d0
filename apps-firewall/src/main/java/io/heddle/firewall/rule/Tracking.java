package io.heddle.firewall.rule;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;

/// The words in which the firewall speaks to connection tracking.
final class Tracking {

  /// Who opened the connection: the identity that its original packets had last.
  private static final Field INITIATOR = new Field(Header.CT_MARK, 0, 15);

  /// The connection's original packets were refused since: whoever it was, is not its initiator any
  /// more. An identity never has this bit, so a disowned connection is nobody's.
  private static final Field DISOWNED = new Field(Header.CT_MARK, 16, 16);

  /// While egress rules are held against a connection: the identity of the end that answers.
  static final Field RESPONDER = new Field(Registers.SCRATCH.header(), 0, 15);

  /// Not a connection that could exist: an ACK out of the window, a reply to nothing.
  static final Match INVALID = Match.ctState(List.of(CtState.TRACKED, CtState.INVALID), List.of());

  static final Match REPLY =
      Match.allOf(
          Match.IPV4,
          Match.ctState(List.of(CtState.TRACKED, CtState.REPLY), List.of(CtState.INVALID)));

  /// An ICMP error about a connection, from the end that opened it.
  static final Match RELATED =
      Match.allOf(
          Match.IPV4,
          Match.ctState(
              List.of(CtState.TRACKED, CtState.RELATED), List.of(CtState.INVALID, CtState.REPLY)));

  /// A packet of the end that opened a connection which has been answered or let in before.
  static final Match ESTABLISHED =
      Match.allOf(
          Match.IPV4,
          Match.ctState(
              List.of(CtState.TRACKED, CtState.ESTABLISHED),
              List.of(CtState.INVALID, CtState.REPLY)));

  private static final Action.Zone ZONE = new Action.Zone.In(Registers.CT_ZONE);

  private Tracking() {}

  /// Looks the packet up and goes on with its state known.
  static Action lookUp(Stage next) {
    return new Action.Ct(false, ZONE, next.table(), List.of());
  }

  /// Remembers the connection and who opened it.
  static Action remember() {
    return new Action.Ct(
        true,
        ZONE,
        null,
        List.of(Actions.move(Registers.SOURCE_IDENTITY, INITIATOR), Actions.set(DISOWNED, 0)));
  }

  /// Forgets who opened the connection.
  static Action disown() {
    return new Action.Ct(true, ZONE, null, List.of(Actions.set(DISOWNED, 1)));
  }

  /// The connection is remembered as opened by this identity.
  static Match rememberedAs(int identity) {
    return ESTABLISHED.and(Match.of(Header.CT_MARK, identity));
  }
}

package io.heddle.core.trace;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import java.util.List;

/// What a `ct` action asks about a packet.
public interface ConnectionTracking {

  /// A packet at a `ct` action.
  ///
  /// @param mark what a commit writes into the connection's mark, within `markMask`
  record Pass(Packet packet, int zone, boolean commit, long mark, long markMask) {}

  /// Whether the packet goes no further than this: it is a part of a datagram of which other parts
  /// are missing here. Asked once for each pass, before it.
  default boolean holds(Pass pass) {
    return false;
  }

  /// Looks the packet's connection up, and remembers it if asked to.
  ///
  /// @return the packet with its `ct_` headers filled in
  Packet pass(Pass pass);

  /// Says the same of every packet, as `ofproto/trace --ct-next` does: for a trace without a past.
  static ConnectionTracking saying(List<CtState> states) {
    long bits = CtState.TRACKED.mask();
    for (CtState state : states) {
      bits |= state.mask();
    }
    long all = bits;
    return pass ->
        pass.packet()
            .with(Header.CT_STATE, all)
            .with(Header.CT_ZONE, pass.zone())
            .with(
                Header.CT_MARK,
                (pass.packet().get(Header.CT_MARK) & ~pass.markMask()) | pass.mark());
  }
}

package io.heddle.openflow.session;

import io.heddle.openflow.codec.SwitchRole;

/// What this node makes of its connection to a switch.
///
/// A claim is made again with every view, for its epoch goes along as OpenFlow's `generation_id`:
/// the switch refuses what is older than the latest epoch that any node showed it.
public sealed interface Claim {

  /// The switch is this node's to program.
  record Master(long epoch) implements Asserted {
    @Override
    public SwitchRole role() {
      return SwitchRole.MASTER;
    }
  }

  /// Another node programs the switch; this one stays connected, hears of no packets, and sees to
  /// it that the switch knows the epoch.
  record Standby(long epoch) implements Asserted {
    @Override
    public SwitchRole role() {
      return SwitchRole.SLAVE;
    }
  }

  /// Nothing is known, or nothing may be decided: the connection is kept and stays what it is. One
  /// that was never claimed says nothing, a master goes on, and neither asks for any role.
  record Hold() implements Claim {}

  /// A claim that the switch hears of.
  sealed interface Asserted extends Claim permits Master, Standby {
    long epoch();

    SwitchRole role();
  }
}

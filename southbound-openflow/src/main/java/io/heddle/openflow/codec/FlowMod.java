package io.heddle.openflow.codec;

import io.heddle.core.flow.Flow;

/// One change of a switch's flow tables.
public sealed interface FlowMod {

  /// Installs a flow; it takes the place, and keeps the counters, of the one with the same table,
  /// priority and match.
  record Add(Flow flow, long cookie) implements FlowMod {}

  /// Removes every flow with exactly this cookie, in all tables. Open vSwitch keeps an index of
  /// cookies: this is no scan.
  record Delete(long cookie) implements FlowMod {}
}

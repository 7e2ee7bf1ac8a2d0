package io.heddle.core.reconcile;

import io.heddle.core.compile.FlowChange;
import io.heddle.core.flow.Meter;
import java.util.List;

/// What a host's session is to do. At any time one read and one send are under way at most; each is
/// answered by a call back into the [HostProgram].
public sealed interface Step {

  /// Dump table `sentinel` and the meters; answer with [HostProgram#sentinels].
  record ReadSentinels() implements Step {}

  /// Dump the flows of a part of all tables and, with the first part, the meters; answer with
  /// [HostProgram#flows].
  record ReadFlows(Slice slice) implements Step {}

  /// Add the meters, flush the ct zones, send the changes in one bundle with a barrier behind,
  /// delete the meters that are of no use any more; answer with [HostProgram#committed] or
  /// [HostProgram#refused].
  record Send(
      List<Meter> meters,
      List<Integer> zonesToFlush,
      List<FlowChange> changes,
      List<Integer> metersToDelete)
      implements Step {

    public Send {
      meters = List.copyOf(meters);
      zonesToFlush = List.copyOf(zonesToFlush);
      changes = List.copyOf(changes);
      metersToDelete = List.copyOf(metersToDelete);
    }

    public int flowMods() {
      return changes.stream().mapToInt(FlowChange::size).sum();
    }
  }
}

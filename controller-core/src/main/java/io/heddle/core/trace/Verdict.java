package io.heddle.core.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a packet, or a copy of it, ended.
public sealed interface Verdict<T> {

  /// Left by an OpenFlow port.
  ///
  /// @param packet as it left; tunnel headers say where a tunnel port takes it
  record Output<T>(int ofport, Packet packet) implements Verdict<T> {}

  /// Went to the controller.
  record Punt<T>(PuntReason reason, List<Byte> userdata, int meter, Packet packet)
      implements Verdict<T> {
    public Punt {
      userdata = List.copyOf(userdata);
    }
  }

  /// Why a packet comes to the controller.
  enum PuntReason {
    ACTION,
    TTL_EXPIRED
  }

  /// Nothing came out of it.
  ///
  /// @param flow the last flow that the packet met; null: no flow of the table matched
  record Dropped<T>(int table, FlowTables.@Nullable Entry<T> flow) implements Verdict<T> {}

  /// The switch gives up and drops the packet, or we met what we can't interpret.
  record Failed<T>(String reason) implements Verdict<T> {}
}

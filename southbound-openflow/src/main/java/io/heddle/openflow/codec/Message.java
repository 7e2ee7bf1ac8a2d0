package io.heddle.openflow.codec;

import io.heddle.core.flow.Meter;
import java.util.List;

/// A message from a switch, as far as the controller cares.
public sealed interface Message {

  int xid();

  /// @param speaks14 OpenFlow 1.4 is among the versions offered
  /// @param offered the versions, for people
  record Hello(int xid, boolean speaks14, String offered) implements Message {}

  record EchoRequest(int xid, Bytes payload) implements Message {}

  record EchoReply(int xid) implements Message {}

  record Refusal(SwitchError error) implements Message {
    @Override
    public int xid() {
      return error.xid();
    }
  }

  record Features(int xid, long datapathId) implements Message {}

  /// @param generationId the latest that the switch has accepted; −1 where it has seen none
  record Role(int xid, SwitchRole role, long generationId) implements Message {}

  /// The switch gave this connection another role by itself: somebody else claimed it.
  record RoleChanged(int xid, SwitchRole role, long generationId) implements Message {}

  record PortChanged(int xid, PortChange change, SwitchPort port) implements Message {}

  /// @param more further parts of the same answer follow
  record Ports(int xid, boolean more, List<SwitchPort> ports) implements Message {}

  record Flows(int xid, boolean more, List<FlowStat> flows) implements Message {}

  record Meters(int xid, boolean more, List<Meter> meters) implements Message {}

  record BundleControl(int xid, BundleStep step) implements Message {}

  record Barrier(int xid) implements Message {}

  record Punt(int xid, PacketIn packet) implements Message {}

  /// Something that nobody asked for and nobody needs.
  record Other(int xid, int type) implements Message {}

  /// Bytes that are no message.
  record Malformed(int xid, int type, String why) implements Message {}

  enum PortChange {
    ADDED,
    REMOVED,
    MODIFIED
  }

  enum BundleStep {
    OPENED,
    CLOSED,
    COMMITTED,
    DISCARDED,
    /// A request, which is no switch's business.
    REQUEST
  }
}

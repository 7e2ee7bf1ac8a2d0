package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;

/// What switches do. Called on a connection's event loop: must not block.
public interface SwitchEvents {

  /// A switch is ours: claimed, configured, and its ports known.
  void ready(SwitchSession session);

  /// A session that was ready has ended; whatever was asked of it and not answered has failed.
  void closed(SwitchSession session, String why);

  /// A switch has seen a later epoch than the one claimed; the connection is being closed.
  void stale(long datapathId, long seenEpoch);

  void packetIn(SwitchSession session, PacketIn packet);

  void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port);

  /// The switch refused something that nobody waits for, such as a packet-out.
  void error(SwitchSession session, SwitchError error);
}

package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;

/// What switches do. Called on a connection's event loop: must not block.
public interface SwitchEvents {

  /// A switch is connected to this node, in whatever role. Told once, however many connections
  /// follow each other, until [#detached].
  void attached(long datapathId);

  /// A switch is connected to this node no more.
  void detached(long datapathId);

  /// A switch is ours: claimed, configured, and its ports known.
  void ready(SwitchSession session);

  /// A session that was ready has ended, with its connection or because another node is master;
  /// whatever was asked of it and not answered has failed.
  void closed(SwitchSession session, String why);

  /// A switch has seen a later epoch than the one claimed, as master or as a standby; the
  /// connection is being closed, and the switch comes back by itself.
  void stale(long datapathId, long seenEpoch);

  void packetIn(SwitchSession session, PacketIn packet);

  void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port);

  /// The switch refused something that nobody waits for, such as a packet-out.
  void error(SwitchSession session, SwitchError error);
}

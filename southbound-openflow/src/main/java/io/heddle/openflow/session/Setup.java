package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.NiciraMessages;
import io.heddle.openflow.codec.Ordinary;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a new master says before its session begins: how it wants to hear from the switch; and what
/// it asks: which ports there are.
final class Setup {

  /// Asynchronous messages that may come between the claim and the last port description.
  private static final int MAX_EARLY = 1_000;

  private final Xids xids;
  private final Set<Integer> sent = new HashSet<>();
  private final List<SwitchPort> ports = new ArrayList<>();
  private final List<Message> early = new ArrayList<>();
  private int lastXid;

  Setup(Xids xids) {
    this.xids = xids;
  }

  /// @param discard a former session of this connection may have left a bundle half full
  void write(ByteBuf out, boolean discard) {
    if (discard) {
      // Its refusal is no news: then the switch has given the bundle up by itself.
      Ordinary.writeBundleDiscard(out, xids.next());
    }
    Ordinary.writeSetConfig(out, next());
    Ordinary.writeAsyncConfig(out, next());
    NiciraMessages.writeSetPacketInFormat(out, next());
    Ordinary.writePortDescRequest(out, next());
    lastXid = next();
    Ordinary.writeBarrier(out, lastXid);
  }

  private int next() {
    int xid = xids.next();
    sent.add(xid);
    return xid;
  }

  /// Whether a refusal is one of these messages'.
  boolean asked(int xid) {
    return sent.contains(xid);
  }

  boolean isLast(int xid) {
    return xid == lastXid;
  }

  /// @return false when there are more ports than a switch can have
  boolean add(Message.Ports part) {
    ports.addAll(part.ports());
    return ports.size() <= Limits.MAX_PORTS;
  }

  /// Keeps what the switch said by itself until somebody can hear it.
  void keep(Message message) {
    if (early.size() < MAX_EARLY) {
      early.add(message);
    }
  }

  List<SwitchPort> ports() {
    return List.copyOf(ports);
  }

  List<Message> early() {
    return early;
  }
}

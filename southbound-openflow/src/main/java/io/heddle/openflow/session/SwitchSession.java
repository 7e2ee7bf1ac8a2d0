package io.heddle.openflow.session;

import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.codec.SwitchPort;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A switch that this node is master of, as long as that lasts. It ends with the connection, or
/// before it, when another node becomes master.
///
/// Any thread may call. What is asked is sent in the order of the calls. A future completes on the
/// connection's event loop: with a [SessionClosedException] when the session ends first, with a
/// [SwitchRefusedException] when the switch says no.
public interface SwitchSession {

  /// Every table, for [#dump].
  int ALL_TABLES = 0xff;

  long datapathId();

  /// The epoch with which it was claimed, the latest one: it rises with every view.
  long epoch();

  SocketAddress remote();

  /// The host whose certificate the switch showed; nothing without TLS.
  Optional<HostId> host();

  /// Its ports when the session became ready; changes come as events.
  List<SwitchPort> ports();

  /// The flows of a table whose cookie agrees with `cookie` where the mask has ones.
  default CompletableFuture<List<FlowStat>> dump(int table, long cookie, long cookieMask) {
    return dump(new FlowStat.Request(table, cookie, cookieMask, Match.ANY));
  }

  /// The flows that were asked for, with their counters.
  CompletableFuture<List<FlowStat>> dump(FlowStat.Request request);

  /// Applies flow-mods all at once or not at all, and waits for the barrier behind them. One bundle
  /// is under way at a time; others wait for it.
  CompletableFuture<BundleResult> bundle(BundleContent content);

  /// Completes when the switch has done everything sent before.
  CompletableFuture<Void> barrier();

  /// Forgets every connection of a ct zone.
  CompletableFuture<Void> flushZone(int zone);

  /// Adds a meter, or changes the one with its number.
  CompletableFuture<Void> putMeter(Meter meter);

  /// Deletes a meter; the switch deletes the flows that use it too.
  CompletableFuture<Void> deleteMeter(int id);

  CompletableFuture<List<Meter>> dumpMeters();

  /// Sends a packet out of a port.
  ///
  /// @param inPort as if it had come in there; 0 for none
  /// @return false when the switch reads too slowly and the packet was dropped
  boolean packetOut(int inPort, int outPort, Bytes packet);

  /// Ends the connection: the switch comes back by itself, and a new session is compared anew. Of a
  /// session that has ended the connection is left alone: it may serve another one.
  void close(String why);
}

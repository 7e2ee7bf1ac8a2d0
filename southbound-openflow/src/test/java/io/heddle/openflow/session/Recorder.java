package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Keeps what happened, for tests that wait for it.
final class Recorder implements SwitchEvents {

  private static final long LIMIT_SECONDS = 20;

  private final BlockingQueue<String> attachments = new LinkedBlockingQueue<>();
  private final BlockingQueue<SwitchSession> ready = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final BlockingQueue<Map.Entry<Long, Long>> stale = new LinkedBlockingQueue<>();
  private final BlockingQueue<PacketIn> packets = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> ports = new LinkedBlockingQueue<>();
  private final BlockingQueue<SwitchError> errors = new LinkedBlockingQueue<>();

  @Override
  public void attached(long datapathId) {
    attachments.add("attached %016x".formatted(datapathId));
  }

  @Override
  public void detached(long datapathId) {
    attachments.add("detached %016x".formatted(datapathId));
  }

  @Override
  public void ready(SwitchSession session) {
    ready.add(session);
  }

  @Override
  public void closed(SwitchSession session, String why) {
    closed.add(why);
  }

  @Override
  public void stale(long datapathId, long seenEpoch) {
    stale.add(Map.entry(datapathId, seenEpoch));
  }

  @Override
  public void packetIn(SwitchSession session, PacketIn packet) {
    packets.add(packet);
  }

  @Override
  public void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port) {
    ports.add(change + " " + port.name() + " " + port.ofport());
  }

  @Override
  public void error(SwitchSession session, SwitchError error) {
    errors.add(error);
  }

  String awaitAttachment() {
    return await(attachments, "a switch that comes or goes");
  }

  SwitchSession awaitReady() {
    return await(ready, "a ready session");
  }

  String awaitClosed() {
    return await(closed, "the end of a session");
  }

  Map.Entry<Long, Long> awaitStale() {
    return await(stale, "a stale claim");
  }

  PacketIn awaitPacket() {
    return await(packets, "a packet");
  }

  /// Waits for one event among those of ports.
  void awaitPort(String event) {
    String seen = await(ports, event);
    while (!seen.equals(event)) {
      seen = await(ports, event);
    }
  }

  SwitchError awaitError() {
    return await(errors, "an error");
  }

  int readySessions() {
    return ready.size();
  }

  int closedSessions() {
    return closed.size();
  }

  int packets() {
    return packets.size();
  }

  int attachments() {
    return attachments.size();
  }

  private static <T> T await(BlockingQueue<T> queue, String what) {
    try {
      T item = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (item == null) {
        throw new AssertionError("no sign of " + what);
      }
      return item;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

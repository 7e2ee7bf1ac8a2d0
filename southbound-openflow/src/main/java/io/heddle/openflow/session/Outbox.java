package io.heddle.openflow.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.ArrayDeque;
import java.util.Deque;

/// What is on its way to one switch, in order: handed to the socket only as fast as the switch
/// reads, and bounded. Owned by the connection's event loop.
final class Outbox {

  private final Channel channel;
  private final Deque<ByteBuf> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean paused;

  Outbox(Channel channel) {
    this.channel = channel;
  }

  /// Takes over the buffer.
  void send(ByteBuf bytes) {
    if (!channel.isActive()) {
      bytes.release();
      return;
    }
    waitingBytes += bytes.readableBytes();
    waiting.add(bytes);
    if (waitingBytes > Limits.MAX_WAITING_BYTES) {
      Ending.close(channel, "it reads too slowly: %d bytes wait for it".formatted(waitingBytes));
      return;
    }
    drain();
  }

  /// Keeps what is sent until further notice.
  void pause() {
    paused = true;
  }

  void goOn() {
    paused = false;
    drain();
  }

  /// Goes on writing while the switch reads.
  void drain() {
    boolean wrote = false;
    while (!paused && !waiting.isEmpty() && channel.isWritable()) {
      ByteBuf next = waiting.remove();
      waitingBytes -= next.readableBytes();
      ChannelFuture _ = channel.write(next);
      wrote = true;
    }
    if (wrote) {
      channel.flush();
    }
  }

  void clear() {
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    waitingBytes = 0;
  }
}

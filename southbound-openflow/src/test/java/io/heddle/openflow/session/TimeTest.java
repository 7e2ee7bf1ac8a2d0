package io.heddle.openflow.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What happens when nothing happens; time is the test's own.
final class TimeTest {

  private static void pass(EmbeddedChannel channel, Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void aHandshakeThatStopsIsGivenUp() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            new FrameDecoder(),
            new MessageReader(),
            new Handshake(
                id -> {
                  throw new AssertionError(id);
                },
                new Xids(),
                new LogBudget(channel.eventLoop())));
    channel.writeInbound(Unpooled.copiedBuffer(new byte[] {5, 0, 0, 8, 0, 0, 0, 1}));
    pass(channel, Limits.HANDSHAKE.minusSeconds(1));
    assertTrue(channel.isOpen());
    pass(channel, Duration.ofSeconds(2));
    assertFalse(channel.isOpen());
    assertEquals("no handshake in time, stuck at FEATURES", Ending.why(channel));
    channel.finishAndReleaseAll();
  }

  @Test
  void aSilentSwitchIsAskedForASignOfLifeAndThenGivenUp() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            new IdleStateHandler(Limits.ECHO_AFTER.toMillis(), 0, 0, TimeUnit.MILLISECONDS),
            new Liveness(new Xids()));
    for (int i = 0; i < Limits.SILENT_ECHOES; i++) {
      pass(channel, Limits.ECHO_AFTER);
      ByteBuf echo = channel.readOutbound();
      assertEquals(2, echo.getByte(1), "an echo request");
      echo.release();
    }
    channel.writeInbound(new Message.EchoReply(1));
    for (int i = 0; i < Limits.SILENT_ECHOES; i++) {
      pass(channel, Limits.ECHO_AFTER);
      assertTrue(channel.isOpen());
    }
    pass(channel, Limits.ECHO_AFTER);
    assertFalse(channel.isOpen());
    channel.finishAndReleaseAll();
  }

  @Test
  void aSwitchThatReadsTooSlowlyIsDisconnected() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Outbox outbox = new Outbox(channel);
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    int chunk = 1 << 20;
    for (long sent = 0; sent <= Limits.MAX_WAITING_BYTES; sent += chunk) {
      assertTrue(channel.isOpen());
      outbox.send(Unpooled.wrappedBuffer(new byte[chunk]));
    }
    assertFalse(channel.isOpen());
    assertTrue(Ending.why(channel).startsWith("it reads too slowly"), Ending.why(channel));
    outbox.clear();
    channel.finishAndReleaseAll();
  }

  @Test
  void requestsThatNobodyAnswersAreNoticed() {
    Requests requests = new Requests();
    assertFalse(requests.isStuck());
    requests.add(1, new Gathering<>(new CompletableFuture<>(), 1, message -> null));
    assertFalse(requests.isStuck(), "asked since the last look");
    assertTrue(requests.isStuck());
  }
}

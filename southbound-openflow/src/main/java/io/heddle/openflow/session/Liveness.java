package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.Ordinary;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;

/// Echoes, both ways: answers those of the switch, and asks for signs of life when it has been
/// silent.
final class Liveness extends ChannelDuplexHandler {

  private final Xids xids;
  private int unanswered;

  Liveness(Xids xids) {
    this.xids = xids;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    unanswered = 0;
    switch (message) {
      case Message.EchoRequest(int xid, var payload) -> {
        // A peer that asks and does not read gets no answer, and no memory of ours.
        if (context.channel().isWritable()) {
          ByteBuf out = context.alloc().buffer();
          Ordinary.writeEchoReply(out, xid, payload);
          ChannelFuture _ = context.writeAndFlush(out, context.voidPromise());
        }
      }
      case Message.EchoReply _ -> {
        // The silence is over: that was all.
      }
      default -> context.fireChannelRead(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (!(event instanceof IdleStateEvent)) {
      super.userEventTriggered(context, event);
    } else if (unanswered == Limits.SILENT_ECHOES) {
      Ending.close(
          context.channel(),
          "no sign of life for %d s"
              .formatted(Limits.ECHO_AFTER.toSeconds() * (Limits.SILENT_ECHOES + 1)));
    } else {
      unanswered++;
      ByteBuf out = context.alloc().buffer();
      Ordinary.writeEchoRequest(out, xids.next());
      ChannelFuture _ = context.writeAndFlush(out, context.voidPromise());
    }
  }
}

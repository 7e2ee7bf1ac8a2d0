package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.Ordinary;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a connection to a switch with a name: hello (OpenFlow 1.4 or nothing), then its datapath
/// id.
final class Handshake extends SimpleChannelInboundHandler<Message> {

  private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

  private enum State {
    HELLO,
    FEATURES
  }

  private final LongConsumer known;
  private final Xids xids;
  private final LogBudget strangers;
  private State state = State.HELLO;
  private @Nullable Future<?> limit;

  /// @param known is told the datapath id, once; this handler has done its work then
  Handshake(LongConsumer known, Xids xids, LogBudget strangers) {
    this.known = known;
    this.strangers = strangers;
    this.xids = xids;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    limit =
        context
            .executor()
            .schedule(
                () -> Ending.close(context.channel(), "no handshake in time, stuck at " + state),
                Limits.HANDSHAKE.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancelLimit();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (context.pipeline().get(SwitchServer.TLS) == null) {
      send(context, out -> Ordinary.writeHello(out, xids.next()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent tls && tls.isSuccess()) {
      send(context, out -> Ordinary.writeHello(out, xids.next()));
    }
    super.userEventTriggered(context, event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Message message) {
    switch (message) {
      case Message.Hello hello when state == State.HELLO -> hello(context, hello);
      case Message.Features(int _, long id) when state == State.FEATURES -> known.accept(id);
      case Message.Refusal(SwitchError error) ->
          Ending.close(
              context.channel(), "it refused at %s with %s".formatted(state, error.text()));
      case Message.Malformed(int _, int type, String why) ->
          Ending.close(context.channel(), "unreadable message of type %d: %s".formatted(type, why));
      case Message.Other _, Message.PortChanged _, Message.Punt _, Message.RoleChanged _ -> {
        // A switch may talk of itself before anybody has asked.
      }
      default ->
          Ending.close(
              context.channel(),
              "%s while waiting for %s".formatted(message.getClass().getSimpleName(), state));
    }
  }

  private void hello(ChannelHandlerContext context, Message.Hello hello) {
    if (!hello.speaks14()) {
      send(
          context,
          out -> Ordinary.writeHelloFailed(out, hello.xid(), "OpenFlow 1.4 is what we speak"));
      Ending.close(context.channel(), "it does not speak OpenFlow 1.4, but " + hello.offered());
      return;
    }
    state = State.FEATURES;
    send(context, out -> Ordinary.writeFeaturesRequest(out, xids.next()));
  }

  private void cancelLimit() {
    if (limit != null) {
      boolean _ = limit.cancel(false);
    }
  }

  private static void send(ChannelHandlerContext context, Consumer<ByteBuf> writer) {
    ByteBuf out = context.alloc().buffer();
    writer.accept(out);
    ChannelFuture _ = context.writeAndFlush(out);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelLimit();
    if (strangers.spend()) {
      LOG.info(
          "openflow handshake=failed remote={} why=\"{}\"",
          context.channel().remoteAddress(),
          Ending.why(context.channel()));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Ending.close(context.channel(), Ending.describe(cause));
  }
}

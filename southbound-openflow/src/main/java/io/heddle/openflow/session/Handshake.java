package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.NiciraMessages;
import io.heddle.openflow.codec.Ordinary;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a connection to a session: hello (OpenFlow 1.4 or nothing), features, the claim, and only
/// when the switch has said yes to it, how we want to hear from it and which ports it has.
final class Handshake extends SimpleChannelInboundHandler<Message> {

  private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

  /// What the server wants to know.
  interface Owner {

    long epochFor(long datapathId);

    /// The claim came too late.
    void stale(long datapathId, long seenEpoch);

    /// The switch is ours.
    ///
    /// @param early what the switch said by itself in the meantime
    void claimed(Channel channel, Claimed claimed, List<Message> early);
  }

  /// A switch that is ours.
  record Claimed(long datapathId, long epoch, List<SwitchPort> ports) {}

  /// Asynchronous messages that may come between the claim and the last port description.
  private static final int MAX_EARLY = 1_000;

  private enum State {
    HELLO,
    FEATURES,
    CLAIM,
    STALE,
    SETUP
  }

  private final Owner owner;
  private final Xids xids;
  private final LogBudget strangers;
  private State state = State.HELLO;
  private long datapathId;
  private long epoch;
  private int claimXid;
  private int lastXid;
  private final List<SwitchPort> ports = new ArrayList<>();
  private final List<Message> early = new ArrayList<>();
  private @Nullable Future<?> limit;

  Handshake(Owner owner, Xids xids, LogBudget strangers) {
    this.owner = owner;
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
      case Message.Features(int _, long id) when state == State.FEATURES -> claim(context, id);
      case Message.Role role when state == State.CLAIM && role.xid() == claimXid ->
          setUp(context, role);
      case Message.Role role when state == State.STALE -> stale(context, role.generationId());
      case Message.Ports part when state == State.SETUP -> ports(context, part);
      case Message.Barrier(int xid) when state == State.SETUP && xid == lastXid -> done(context);
      case Message.Refusal(SwitchError error) -> refused(context, error);
      case Message.Malformed(int _, int type, String why) ->
          Ending.close(context.channel(), "unreadable message of type %d: %s".formatted(type, why));
      case Message.PortChanged _, Message.Punt _ when state == State.SETUP -> {
        if (early.size() < MAX_EARLY) {
          early.add(message);
        }
      }
      case Message.Other _, Message.PortChanged _, Message.Punt _, Message.RoleChanged _ -> {
        // A switch may talk of itself before anybody is its master.
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

  private void claim(ChannelHandlerContext context, long id) {
    datapathId = id;
    epoch = owner.epochFor(id);
    claimXid = xids.next();
    state = State.CLAIM;
    send(context, out -> Ordinary.writeClaim(out, claimXid, epoch));
  }

  private void refused(ChannelHandlerContext context, SwitchError error) {
    if (state == State.CLAIM && error.xid() == claimXid && error.isStaleRole()) {
      state = State.STALE;
      send(context, out -> Ordinary.writeRoleQuery(out, xids.next()));
      return;
    }
    Ending.close(context.channel(), "it refused at %s with %s".formatted(state, error.text()));
  }

  private void stale(ChannelHandlerContext context, long seen) {
    owner.stale(datapathId, seen);
    Ending.close(
        context.channel(), "epoch %d is stale, the switch has seen %d".formatted(epoch, seen));
  }

  private void setUp(ChannelHandlerContext context, Message.Role role) {
    if (!role.master()) {
      Ending.close(context.channel(), "it answered the claim with another role");
      return;
    }
    state = State.SETUP;
    lastXid = xids.next();
    send(
        context,
        out -> {
          Ordinary.writeSetConfig(out, xids.next());
          Ordinary.writeAsyncConfig(out, xids.next());
          NiciraMessages.writeSetPacketInFormat(out, xids.next());
          Ordinary.writePortDescRequest(out, xids.next());
          Ordinary.writeBarrier(out, lastXid);
        });
  }

  private void ports(ChannelHandlerContext context, Message.Ports part) {
    ports.addAll(part.ports());
    if (ports.size() > Limits.MAX_PORTS) {
      Ending.close(
          context.channel(), "it describes more than %d ports".formatted(Limits.MAX_PORTS));
    }
  }

  private void done(ChannelHandlerContext context) {
    cancelLimit();
    owner.claimed(context.channel(), new Claimed(datapathId, epoch, List.copyOf(ports)), early);
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

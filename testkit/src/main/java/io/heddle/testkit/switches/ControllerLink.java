package io.heddle.testkit.switches;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A simulated switch's way to one controller: dials, and dials again.
final class ControllerLink {

  static final int EQUAL = 1;
  static final int MASTER = 2;
  static final int SLAVE = 3;

  private static final int MAX_MESSAGE_BYTES = 0xffff;
  private static final long REDIAL_MILLIS = 50;

  private final SimulatedSwitch owner;
  private final InetSocketAddress controller;
  private boolean wanted;
  private @Nullable Channel channel;
  private int role = EQUAL;

  ControllerLink(SimulatedSwitch owner, InetSocketAddress controller) {
    this.owner = owner;
    this.controller = controller;
  }

  int role() {
    return role;
  }

  void take(int newRole) {
    role = newRole;
  }

  void dial() {
    wanted = true;
    if (channel != null) {
      return;
    }
    ChannelFuture connecting =
        new Bootstrap()
            .group(owner.loop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new Connected())
            .connect(controller);
    Channel dialled = connecting.channel();
    channel = dialled;
    ChannelFuture _ = dialled.closeFuture().addListener(_ -> closed(dialled));
  }

  private void closed(Channel which) {
    if (which.equals(channel)) {
      channel = null;
      role = EQUAL;
    }
    if (wanted && !owner.loop().isShuttingDown()) {
      Future<?> _ =
          owner
              .loop()
              .schedule(
                  () -> {
                    if (wanted) {
                      dial();
                    }
                  },
                  REDIAL_MILLIS,
                  TimeUnit.MILLISECONDS);
    }
  }

  /// Ends the connection, and dials no more until told so.
  void breakOff() {
    wanted = false;
    Channel open = channel;
    channel = null;
    role = EQUAL;
    if (open != null) {
      ChannelFuture _ = open.close();
    }
  }

  void read(boolean reading) {
    if (channel != null) {
      channel.config().setAutoRead(reading);
    }
  }

  void demote(long generation) {
    if (role == MASTER) {
      role = SLAVE;
      write(out -> Replies.demoted(out, SLAVE, generation));
    }
  }

  /// Says something that only a master hears.
  void tell(Consumer<ByteBuf> message) {
    if (role == MASTER) {
      write(message);
    }
  }

  private void write(Consumer<ByteBuf> message) {
    if (channel != null) {
      ByteBuf out = channel.alloc().buffer();
      message.accept(out);
      ChannelFuture _ = channel.writeAndFlush(out);
    }
  }

  private final class Connected extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel opened) {
      SwitchConversation conversation = new SwitchConversation(owner, ControllerLink.this);
      opened
          .pipeline()
          .addLast(
              new LengthFieldBasedFrameDecoder(MAX_MESSAGE_BYTES, 2, 2, -4, 0),
              new Ears(conversation));
    }
  }

  /// Hands messages over and sends what comes of them.
  private static final class Ears extends SimpleChannelInboundHandler<ByteBuf> {
    private final SwitchConversation conversation;

    Ears(SwitchConversation conversation) {
      this.conversation = conversation;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      ByteBuf out = context.alloc().buffer();
      Replies.hello(out);
      ChannelFuture _ = context.writeAndFlush(out);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      ByteBuf out = context.alloc().buffer();
      conversation.answer(message, out);
      if (out.isReadable()) {
        ChannelFuture _ = context.writeAndFlush(out);
      } else {
        out.release();
      }
    }
  }
}

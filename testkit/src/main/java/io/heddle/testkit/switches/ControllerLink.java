package io.heddle.testkit.switches;

import io.heddle.openflow.codec.SwitchRole;
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

  /// Waits between attempts: sooner than a real switch at first, as slow as one at last.
  private static final long FIRST_WAIT_MILLIS = 50;

  private static final long LAST_WAIT_MILLIS = 1_000;

  private final SimulatedSwitch owner;
  private final InetSocketAddress controller;
  private boolean wanted;
  private long waitMillis = FIRST_WAIT_MILLIS;
  private @Nullable Channel channel;
  private @Nullable SwitchConversation conversation;
  private int role = EQUAL;

  ControllerLink(SimulatedSwitch owner, InetSocketAddress controller) {
    this.owner = owner;
    this.controller = controller;
  }

  InetSocketAddress controller() {
    return controller;
  }

  int role() {
    return role;
  }

  SwitchRole roleName() {
    return switch (role) {
      case MASTER -> SwitchRole.MASTER;
      case SLAVE -> SwitchRole.SLAVE;
      default -> SwitchRole.EQUAL;
    };
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
    if (!which.equals(channel)) {
      return;
    }
    forget();
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
                  waitMillis,
                  TimeUnit.MILLISECONDS);
      waitMillis = Math.min(LAST_WAIT_MILLIS, 2 * waitMillis);
    }
  }

  /// What was the connection's goes with it.
  private void forget() {
    channel = null;
    role = EQUAL;
    if (conversation != null) {
      conversation.empty();
      conversation = null;
    }
  }

  /// Ends the connection, and dials no more until told so.
  void breakOff() {
    wanted = false;
    Channel open = channel;
    forget();
    if (open != null) {
      ChannelFuture _ = open.close();
    }
  }

  void read(boolean reading) {
    if (channel != null) {
      channel.config().setAutoRead(reading);
    }
  }

  boolean isConnected() {
    return conversation != null;
  }

  /// Lets the answers to claims go that were held back.
  void answerClaims() {
    if (conversation != null) {
      write(conversation::answerClaims);
    }
  }

  void demote(long generation) {
    if (role == MASTER) {
      role = SLAVE;
      write(out -> Replies.demoted(out, SLAVE, generation));
    }
  }

  /// Says what every controller hears.
  void tell(Consumer<ByteBuf> message) {
    if (conversation != null) {
      write(message);
    }
  }

  /// Says what a slave does not hear.
  void tellUnlessSlave(Consumer<ByteBuf> message) {
    if (role != SLAVE) {
      tell(message);
    }
  }

  private void write(Consumer<ByteBuf> message) {
    if (channel != null) {
      ByteBuf out = channel.alloc().buffer();
      message.accept(out);
      if (out.isReadable()) {
        ChannelFuture _ = channel.writeAndFlush(out);
      } else {
        out.release();
      }
    }
  }

  private final class Connected extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel opened) {
      opened
          .pipeline()
          .addLast(
              new LengthFieldBasedFrameDecoder(MAX_MESSAGE_BYTES, 2, 2, -4, 0),
              new Ears(new SwitchConversation(owner, ControllerLink.this)));
    }
  }

  /// Hands messages over and sends what comes of them.
  private final class Ears extends SimpleChannelInboundHandler<ByteBuf> {
    private final SwitchConversation fresh;

    Ears(SwitchConversation fresh) {
      this.fresh = fresh;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (!context.channel().equals(channel)) {
        return;
      }
      conversation = fresh;
      waitMillis = FIRST_WAIT_MILLIS;
      ByteBuf out = context.alloc().buffer();
      Replies.hello(out);
      ChannelFuture _ = context.writeAndFlush(out);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      ByteBuf out = context.alloc().buffer();
      fresh.answer(message, out);
      if (out.isReadable()) {
        ChannelFuture _ = context.writeAndFlush(out);
      } else {
        out.release();
      }
    }
  }
}

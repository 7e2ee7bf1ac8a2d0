package io.heddle.ovsdb.rpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts the connections of hosts whose manager we are (`ovs-vsctl set-manager
/// tcp:CONTROLLER:6640`).
///
/// Nothing a peer does ends the listener: connections beyond [Limits] are closed at once, broken
/// ones when they break, and the log gets a bounded number of lines about them.
public final class OvsdbListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OvsdbListener.class);

  private final ListenerOptions options;
  private final Timings timings;
  private final Function<RpcSession, RpcSession.Peer> peers;
  private final LogPace refusals = new LogPace(InstantSource.system(), 5, Duration.ofSeconds(10));
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger unproven = new AtomicInteger();
  private final Channel server;

  private OvsdbListener(
      ListenerOptions options,
      Timings timings,
      EventLoopGroup loops,
      Function<RpcSession, RpcSession.Peer> peers) {
    this.options = options;
    this.timings = timings;
    this.peers = peers;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Arrivals())
            .bind(options.address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "cannot listen for hosts on %s: %s".formatted(options.address(), bound.cause()),
          bound.cause());
    }
    this.server = bound.channel();
    LOG.info("listening for hosts address={} tls={}", address(), options.tls().isPresent());
  }

  /// Listens from now on; blocks until the socket is bound.
  ///
  /// @param peers makes the owner of each new session
  /// @throws IllegalStateException when the address cannot be bound
  public static OvsdbListener listen(
      ListenerOptions options,
      Timings timings,
      EventLoopGroup loops,
      Function<RpcSession, RpcSession.Peer> peers) {
    return new OvsdbListener(options, timings, loops, peers);
  }

  /// The address bound; its port was chosen by the system when the options said 0.
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /// Connections open now.
  public int connections() {
    return open.get();
  }

  @Override
  public void close() {
    var _ = server.close().awaitUninterruptibly();
    var _ = connections.close().awaitUninterruptibly();
  }

  private final class Arrivals extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      open.incrementAndGet();
      var _ = channel.closeFuture().addListener(closed -> open.decrementAndGet());
      if (open.get() > Limits.CONNECTIONS || unproven.get() >= Limits.UNPROVEN_CONNECTIONS) {
        if (refusals.permits()) {
          LOG.warn(
              "connection refused, too many remote={} open={} unproven={} alsoRefused={}",
              channel.remoteAddress(),
              open.get(),
              unproven.get(),
              refusals.held());
        }
        var _ = channel.close();
        return;
      }
      connections.add(channel);
      unproven.incrementAndGet();
      var _ =
          SessionPipeline.install(channel, options.tls(), timings, peers)
              .trial()
              .whenComplete((proven, failure) -> tried(channel, failure));
    }

    private void tried(Channel channel, @Nullable Throwable failure) {
      unproven.decrementAndGet();
      if (failure != null && refusals.permits()) {
        LOG.warn(
            "connection closed, no ovsdb-server remote={} reason={} alsoClosed={}",
            channel.remoteAddress(),
            failure.getMessage(),
            refusals.held());
      }
    }
  }
}

package io.heddle.ovsdb.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one connection to a host that listens itself (`ovs-vsctl set-manager ptcp:6640`): dials,
/// and dials again.
///
/// Waits between attempts, twice as long after each failure; a session that proved itself starts
/// from the shortest wait again. One log line says that a host cannot be reached, one that it can
/// again.
public final class OvsdbDialer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OvsdbDialer.class);

  /// The same as the shortest Open vSwitch waits itself.
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  /// Open vSwitch's own longest: a host is back in use soon after it is back.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(8);

  private final InetSocketAddress target;
  private final Optional<SslContext> tls;
  private final Timings timings;
  private final Function<RpcSession, RpcSession.Peer> peers;
  private final EventLoop loop;
  private Duration wait = SHORTEST_WAIT;
  private boolean reportedDown;
  private boolean closed;
  private Optional<Channel> current = Optional.empty();

  private OvsdbDialer(
      InetSocketAddress target,
      Optional<SslContext> tls,
      Timings timings,
      EventLoopGroup loops,
      Function<RpcSession, RpcSession.Peer> peers) {
    this.target = target;
    this.tls = tls;
    this.timings = timings;
    this.peers = peers;
    this.loop = loops.next();
  }

  /// Dials from now on, until closed.
  public static OvsdbDialer dial(
      InetSocketAddress target,
      Optional<SslContext> tls,
      Timings timings,
      EventLoopGroup loops,
      Function<RpcSession, RpcSession.Peer> peers) {
    OvsdbDialer dialer = new OvsdbDialer(target, tls, timings, loops, peers);
    dialer.loop.execute(dialer::attempt);
    return dialer;
  }

  @Override
  public void close() {
    loop.execute(() -> {
      closed = true;
      if (current.isPresent()) {
        var _ = current.get().close();
      }
    });
  }

  private void attempt() {
    if (closed) {
      return;
    }
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(timings.handshake().toMillis()))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    var _ =
                        SessionPipeline.install(channel, tls, timings, peers)
                            .trial()
                            .thenRun(OvsdbDialer.this::reached);
                  }
                })
            .connect(target);
    current = Optional.of(connecting.channel());
    var _ = connecting.channel().closeFuture().addListener(gone -> again(connecting));
  }

  private void reached() {
    if (reportedDown) {
      LOG.info("host reached again target={}", target);
    }
    reportedDown = false;
    wait = SHORTEST_WAIT;
  }

  private void again(ChannelFuture attempt) {
    if (closed) {
      return;
    }
    if (!reportedDown) {
      reportedDown = true;
      LOG.warn(
          "host not reached, dialling on target={} reason={}",
          target,
          attempt.cause() == null ? "the connection ended" : attempt.cause().getMessage());
    }
    var _ = loop.schedule(this::attempt, wait.toMillis(), TimeUnit.MILLISECONDS);
    wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
  }
}

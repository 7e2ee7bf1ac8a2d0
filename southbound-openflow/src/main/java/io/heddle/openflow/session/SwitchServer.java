package io.heddle.openflow.session;

import io.heddle.core.model.HostId;
import io.heddle.core.tls.Bearer;
import io.heddle.openflow.codec.Xids;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes switches' connections, and dials switches that wait for one. What a switch is to this node
/// is the policy's to say, and may change at any time: say [#reclaim] when it did.
public final class SwitchServer implements AutoCloseable {

  static final String TLS = "tls";

  private static final Logger LOG = LoggerFactory.getLogger(SwitchServer.class);
  private static final int CONNECT_LIMIT_MILLIS = 5_000;

  /// How the server speaks and whom it believes.
  ///
  /// @param policy whose a switch is
  /// @param tls mutual TLS; null for plain TCP, which is for loopback
  /// @param insecure plain TCP beyond loopback is wanted all the same
  /// @param door asked over TLS only: without it nobody knows who a switch is
  public record Settings(
      ClaimPolicy policy, @Nullable SslContext tls, boolean insecure, int threads, Door door) {

    /// Lets every switch in that TLS lets in.
    public Settings(ClaimPolicy policy, @Nullable SslContext tls, boolean insecure, int threads) {
      this(policy, tls, insecure, threads, (host, datapathId) -> true);
    }
  }

  /// Whether a switch is its host's. Asked on a connection's event loop: must not block.
  @FunctionalInterface
  public interface Door {

    /// @param host whose certificate the switch showed
    boolean admits(HostId host, long datapathId);
  }

  private final Settings settings;
  private final SwitchConnection.Shared shared;
  private final Xids xids;
  private final EventLoopGroup loops;
  private final List<Channel> listening = new CopyOnWriteArrayList<>();
  private final Roster roster;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final LogBudget strangers;

  public SwitchServer(Settings settings, SwitchEvents events, Xids xids) {
    this.settings = settings;
    this.xids = xids;
    this.roster = new Roster(events);
    this.shared = new SwitchConnection.Shared(settings.policy(), events, xids, roster);
    this.loops = new MultiThreadIoEventLoopGroup(settings.threads(), NioIoHandler.newFactory());
    this.strangers = new LogBudget(loops);
  }

  /// Starts listening.
  ///
  /// @return the address that it listens on: port 0 takes a free one
  public InetSocketAddress listen(InetSocketAddress address) {
    requireSafe(address);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
            .childHandler(initializer());
    Channel channel = bootstrap.bind(address).syncUninterruptibly().channel();
    listening.add(channel);
    InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
    LOG.info("openflow listening={} tls={}", bound, settings.tls() != null);
    return bound;
  }

  /// Connects to a switch that listens (`ptcp:`); completes when the connection is there. The
  /// handshake follows.
  public CompletableFuture<Void> dial(InetSocketAddress address) {
    requireSafe(address);
    CompletableFuture<Void> connected = new CompletableFuture<>();
    ChannelFuture connecting =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_LIMIT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
            .handler(initializer())
            .connect(address);
    ChannelFuture _ =
        connecting.addListener(done -> {
          if (done.isSuccess()) {
            connected.complete(null);
          } else {
            connected.completeExceptionally(done.cause());
          }
        });
    return connected;
  }

  /// Asks the policy about one switch again, if it is connected: a master's claim is made anew with
  /// a new epoch and its session goes on; who becomes master or ceases to be does so in place.
  public void reclaim(long datapathId) {
    SwitchConnection connection = roster.find(datapathId);
    if (connection != null) {
      connection.reclaim();
    }
  }

  /// Asks the policy about every switch that is connected.
  public void reclaimAll() {
    roster.all().forEach(SwitchConnection::reclaim);
  }

  /// The datapath ids of the switches that are connected now, in whatever role.
  public Set<Long> connected() {
    return roster.datapaths();
  }

  /// What a switch takes this node for, as far as it has said so; empty when it is not connected,
  /// [Claim.Hold] when it was never asked or somebody else became its master.
  public Optional<Claim> granted(long datapathId) {
    return Optional.ofNullable(roster.find(datapathId)).map(SwitchConnection::granted);
  }

  private void requireSafe(InetSocketAddress address) {
    boolean loopback = address.getAddress() != null && address.getAddress().isLoopbackAddress();
    if (settings.tls() == null && !loopback && !settings.insecure()) {
      throw new IllegalArgumentException(
          ("OpenFlow on %s without TLS would let anybody there program the switches:"
                  + " give a certificate, or say --insecure-southbound")
              .formatted(address));
    }
  }

  private static WriteBufferWaterMark waterMark() {
    return new WriteBufferWaterMark(Limits.RESUME_WRITING_BYTES, Limits.PAUSE_WRITING_BYTES);
  }

  private ChannelInitializer<Channel> initializer() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        Seat seat = new Seat();
        ChannelFuture _ = channel.closeFuture().addListener(_ -> seat.leave());
        if (seat.isFree()) {
          build(channel, seat);
        } else {
          turnAway(channel);
        }
      }
    };
  }

  private void turnAway(Channel channel) {
    if (strangers.spend()) {
      LOG.warn(
          "openflow connection=refused remote={} connections={} handshakes={}",
          channel.remoteAddress(),
          connections.get(),
          handshakes.get());
    }
    ChannelFuture _ = channel.close();
  }

  /// A connection's place among those allowed.
  private final class Seat {
    private final AtomicBoolean shaking = new AtomicBoolean(true);
    private final boolean free;

    Seat() {
      int open = connections.incrementAndGet();
      int halfOpen = handshakes.incrementAndGet();
      free = open <= Limits.MAX_CONNECTIONS && halfOpen <= Limits.MAX_HANDSHAKES;
    }

    boolean isFree() {
      return free;
    }

    void handshakeDone() {
      if (shaking.getAndSet(false)) {
        handshakes.decrementAndGet();
      }
    }

    void leave() {
      handshakeDone();
      connections.decrementAndGet();
    }
  }

  private void build(Channel channel, Seat seat) {
    ChannelPipeline pipeline = channel.pipeline();
    SslContext tls = settings.tls();
    if (tls != null) {
      pipeline.addLast(TLS, tls.newHandler(channel.alloc()));
    }
    pipeline
        .addLast(new WriteTimeoutHandler(Limits.WRITE.toMillis(), TimeUnit.MILLISECONDS))
        .addLast(new FrameDecoder())
        .addLast(new MessageReader())
        .addLast(new IdleStateHandler(Limits.ECHO_AFTER.toMillis(), 0, 0, TimeUnit.MILLISECONDS))
        .addLast(new Liveness(xids))
        .addLast(new Handshake(id -> attach(channel, seat, id), xids, strangers));
  }

  /// A connection has a switch's name: the switch is here.
  private void attach(Channel channel, Seat seat, long datapathId) {
    seat.handshakeDone();
    if (settings.tls() != null) {
      Optional<HostId> host = certified(channel);
      if (host.isEmpty() || !settings.door().admits(host.get(), datapathId)) {
        Ending.close(
            channel,
            "it is datapath %016x with the certificate of %s, whose database does not say so (yet)"
                .formatted(datapathId, host.map(HostId::value).orElse("no host")));
        return;
      }
    }
    SwitchConnection connection = new SwitchConnection(channel, datapathId, shared);
    channel.pipeline().replace(Handshake.class, "switch", connection);
    LOG.info(
        "openflow switch=connected datapath={} remote={}",
        "%016x".formatted(datapathId),
        channel.remoteAddress());
    roster.enter(connection);
    connection.reclaim();
  }

  /// The host whose certificate the peer showed.
  static Optional<HostId> certified(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = tls.engine().getSession().getPeerCertificates();
      return Bearer.of((X509Certificate) chain[0])
          .filter(Bearer.OfHost.class::isInstance)
          .map(Bearer.OfHost.class::cast)
          .map(Bearer.OfHost::id);
    } catch (SSLPeerUnverifiedException shownNone) {
      return Optional.empty();
    }
  }

  /// Nobody is let in any more before those who are in are sent away: the port is free when this
  /// returns.
  @Override
  public void close() {
    listening.forEach(channel -> channel.close().syncUninterruptibly());
    roster.all().forEach(connection -> connection.close("the controller stops"));
    Future<?> _ = loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}

package io.heddle.ovsdb.lab;

import io.heddle.ovsdb.host.HostClaim;
import io.heddle.ovsdb.host.HostSettings;
import io.heddle.ovsdb.host.OvsdbHosts;
import io.heddle.ovsdb.rpc.ListenerOptions;
import io.heddle.ovsdb.rpc.OvsdbListener;
import io.heddle.ovsdb.rpc.Timings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The OVSDB side of one controller node, on a loopback port of its own.
public final class Node implements AutoCloseable {
  public final Heard heard = new Heard();
  public final OvsdbHosts hosts;
  public final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final OvsdbListener listener;
  private volatile HostClaim claim = new HostClaim.ReadOnly();

  private Node(HostSettings settings, Timings timings, Optional<SslContext> tls) {
    hosts = new OvsdbHosts(settings, host -> claim, heard);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    listener =
        OvsdbListener.listen(
            new ListenerOptions(address, tls, false), timings, loops, hosts::session);
  }

  public static Node start(SslContext tls) {
    return new Node(HostSettings.standard(), Timings.DEFAULT, Optional.of(tls));
  }

  public static Node start() {
    return new Node(HostSettings.standard(), Timings.DEFAULT, Optional.empty());
  }

  public static Node start(Timings timings) {
    return new Node(HostSettings.standard(), timings, Optional.empty());
  }

  public static Node start(HostSettings settings) {
    return new Node(settings, Timings.DEFAULT, Optional.empty());
  }

  /// Rules every host from now on.
  public void rule(long epoch) {
    claim = new HostClaim.Rule(epoch);
    hosts.reclaimAll();
  }

  /// Writes to no host from now on.
  public void readOnly() {
    claim = new HostClaim.ReadOnly();
    hosts.reclaimAll();
  }

  public int port() {
    return listener.address().getPort();
  }

  public int connections() {
    return listener.connections();
  }

  @Override
  public void close() {
    hosts.close();
    listener.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

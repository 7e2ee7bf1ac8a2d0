package io.heddle.openflow.session;

import io.heddle.openflow.RealOvs;
import io.heddle.openflow.codec.Encoded;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowModEncoder;
import io.heddle.openflow.codec.Xids;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server on loopback with everything that happens recorded.
final class Controller implements AutoCloseable {

  private static final long LIMIT_SECONDS = 30;

  final Recorder events = new Recorder();
  final Xids xids = new Xids();
  final SwitchServer server;
  final int port;
  private volatile Claim claim;

  /// Master of every switch.
  Controller(long epoch) {
    this(new Claim.Master(epoch));
  }

  Controller(Claim claim) {
    this(claim, null, (host, datapath) -> true);
  }

  Controller(Claim claim, @Nullable SslContext tls, SwitchServer.Door door) {
    this.claim = claim;
    server =
        new SwitchServer(
            new SwitchServer.Settings(_ -> this.claim, tls, false, 1, door), events, xids);
    port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort();
  }

  /// From now on every switch is this to us.
  void say(Claim now) {
    claim = now;
    server.reclaimAll();
  }

  String target() {
    return "tcp:127.0.0.1:" + port;
  }

  /// Points a bridge here and waits for its session.
  SwitchSession adopt(RealOvs ovs, String bridge) {
    ovs.vsctl("set-controller", bridge, target());
    return events.awaitReady();
  }

  Encoded encode(List<FlowMod> mods) {
    return FlowModEncoder.encode(mods, xids);
  }

  BundleResult commit(SwitchSession session, List<FlowMod> mods) {
    return await(session.bundle(BundleContent.of(encode(mods))));
  }

  /// Claims with one breath and writes with the next.
  ///
  /// @return false when the session ended over it
  boolean claimsAndCommits(SwitchSession session, Claim claim, List<FlowMod> mods) {
    say(claim);
    try {
      return commit(session, mods).equals(new BundleResult.Committed());
    } catch (SessionClosedException e) {
      return false;
    }
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}

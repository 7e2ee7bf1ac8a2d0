package io.heddle.core.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.cluster.impl.JoinMessage;
import com.hazelcast.internal.cluster.impl.JoinRequest;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import io.heddle.core.model.NodeName;
import io.heddle.core.tls.PeerTls;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts TLS below everything that Hazelcast's members say to each other, and lets a member join
/// under no other name than its certificate's.
///
/// Hazelcast's open edition has no TLS, but the seams at which its paid one adds it: a node's
/// extension makes the handlers of every connection, and validates who joins.
final class TlsExtension extends DefaultNodeExtension {

  /// As long as Hazelcast itself waits for a connection.
  private static final Executor HANDSHAKE = CompletableFuture.delayedExecutor(10, TimeUnit.SECONDS);

  private final PeerTls tls;

  private TlsExtension(Node node, PeerTls tls) {
    super(node);
    this.tls = tls;
  }

  /// Makes the extension for one instance, and finds the certificates of those it is connected to.
  static final class Context extends DefaultNodeContext {
    private final PeerTls tls;
    private volatile @Nullable Node node;

    Context(PeerTls tls) {
      this.tls = tls;
    }

    @Override
    public NodeExtension createNodeExtension(Node created) {
      node = created;
      return new TlsExtension(created, tls);
    }

    /// Whose certificate the member at an address showed; nothing while it is not connected.
    Optional<NodeName> certified(Address address) {
      return Optional.ofNullable(node).flatMap(known -> TlsExtension.certified(known, address));
    }

    /// Calls back whenever a member is connected.
    void onConnected(Runnable task) {
      Node known = node;
      if (known != null) {
        known.getServer().addConnectionListener(new Arrivals(task));
      }
    }
  }

  private record Arrivals(Runnable task)
      implements com.hazelcast.internal.nio.ConnectionListener<ServerConnection> {
    @Override
    public void connectionAdded(ServerConnection connection) {
      task.run();
    }

    @Override
    public void connectionRemoved(ServerConnection connection) {}
  }

  @Override
  public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(
      ServerContext context) {
    Function<EndpointQualifier, ChannelInitializer> plain =
        super.createChannelInitializerFn(context);
    return endpoint -> {
      ChannelInitializer inner = plain.apply(endpoint);
      return channel -> secure(channel, inner);
    };
  }

  private void secure(Channel channel, ChannelInitializer inner) throws Exception {
    TlsLink link = new TlsLink(channel, tls.engine(channel.isClientMode()));
    channel.inboundPipeline().addLast(new TlsInbound(link));
    inner.initChannel(channel);
    channel.outboundPipeline().addLast(new TlsOutbound(link));
    var _ = CompletableFuture.runAsync(link::giveUp, HANDSHAKE);
  }

  @Override
  public void validateJoinRequest(JoinMessage message) {
    super.validateJoinRequest(message);
    if (message instanceof JoinRequest request) {
      String claimed = request.getAttributes().getOrDefault(HazelcastSettings.NODE, "");
      Optional<NodeName> shown = certified(node, request.getAddress());
      if (!shown.map(NodeName::value).equals(Optional.of(claimed))) {
        throw new SecurityException(
            "it calls itself node '%s' and shows the certificate of %s"
                .formatted(claimed, shown.map(name -> "node " + name).orElse("nobody")));
      }
    }
  }

  private static Optional<NodeName> certified(Node node, Address address) {
    ServerConnection connection =
        node.getServer().getConnectionManager(EndpointQualifier.MEMBER).get(address);
    return connection instanceof TcpServerConnection tcp
        ? TlsLink.of(tcp.getChannel()).flatMap(TlsLink::peer)
        : Optional.empty();
  }
}

package io.heddle.core.replication;

import io.heddle.core.tls.PeerTls;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Optional;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;

/// Ratis's gRPC with a gate before it: what comes from the network and what goes there passes
/// [PeerGate], and how each follower answers is shown to [Contact].
///
/// Public, and with a constructor that takes nothing, because Ratis makes it by its name.
public final class PeerRpc implements RpcType {

  private static final String GATE = "heddle.gate";

  public PeerRpc() {}

  /// What the factory gets hold of, by the way that Ratis has for it.
  static Parameters parameters(PeerGate gate, Optional<PeerTls> tls) {
    Parameters parameters = new Parameters();
    parameters.put(GATE, gate, PeerGate.class);
    tls.ifPresent(mutual ->
        GrpcConfigKeys.TLS.setConf(
            parameters, new GrpcTlsConfig(mutual.keys(), mutual.trust(), true)));
    return parameters;
  }

  @Override
  public String name() {
    return PeerRpc.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory(
        parameters,
        Objects.requireNonNull(parameters.get(GATE, PeerGate.class), "no gate was given"));
  }

  private static final class Factory extends GrpcFactory {

    private final PeerGate gate;

    Factory(Parameters parameters, PeerGate gate) {
      super(parameters);
      this.gate = gate;
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      gate.contact().follows(follower);
      return new Appender(server, state, follower);
    }

    @Override
    public GrpcServices newRaftServerRpc(RaftServer server) {
      GrpcServices services = super.newRaftServerRpc(proxy(RaftServer.class, gate.inbound(server)));
      return proxy(GrpcServices.class, new Outbound(services, gate));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
      return type.cast(
          Proxy.newProxyInstance(PeerRpc.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
  }

  /// What this node sends, but for what a leader streams to its followers.
  private record Outbound(GrpcServices services, PeerGate gate) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      gate.send(arguments);
      return PeerGate.call(services, method, arguments);
    }
  }

  /// Ratis's own asks for the services by their class.
  private static final class Appender extends GrpcLogAppender {
    Appender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      super(server, state, follower);
    }

    @Override
    public GrpcServicesImpl getServerRpc() {
      return Proxy.getInvocationHandler(getServer().getRaftServer().getServerRpc())
                  instanceof Outbound(GrpcServices services, PeerGate _)
              && services instanceof GrpcServicesImpl ours
          ? ours
          : super.getServerRpc();
    }
  }
}

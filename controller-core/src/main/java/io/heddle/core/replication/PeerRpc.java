package io.heddle.core.replication;

import java.lang.reflect.Proxy;
import java.util.Objects;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/// Ratis's gRPC with a gate before it: what comes from the network passes [PeerGate], and how each
/// follower answers is shown to [Contact].
///
/// Public, and with a constructor that takes nothing, because Ratis makes it by its name.
public final class PeerRpc implements RpcType {

  private static final String GATE = "heddle.gate";

  public PeerRpc() {}

  /// What the factory gets hold of, by the way that Ratis has for it.
  static Parameters parameters(PeerGate gate) {
    Parameters parameters = new Parameters();
    parameters.put(GATE, gate, PeerGate.class);
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
      return super.newLogAppender(server, state, follower);
    }

    @Override
    public GrpcServices newRaftServerRpc(RaftServer server) {
      return super.newRaftServerRpc(
          (RaftServer)
              Proxy.newProxyInstance(
                  PeerRpc.class.getClassLoader(),
                  new Class<?>[] {RaftServer.class},
                  gate.before(server)));
    }
  }
}

package io.heddle.node;

import io.heddle.core.cluster.Alone;
import io.heddle.core.cluster.HazelcastPeers;
import io.heddle.core.cluster.Peers;
import io.heddle.core.cluster.PeersOptions;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.replication.RatisSettings;
import io.heddle.core.store.LogGroup;
import io.heddle.node.tls.NodeTls;
import io.heddle.openflow.session.ClaimPolicy;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.ovsdb.host.Targets;
import io.heddle.rest.auth.AdminToken;
import io.heddle.rest.auth.JwtAuthority;
import io.heddle.rest.auth.TokenAuthorities;
import io.heddle.rest.auth.TokenAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a node's options mean for its parts.
///
/// @param tls its own, if it has a certificate
record Blueprint(NodeOptions options, Optional<NodeTls> tls) {

  private static final int OPENFLOW_THREADS = 2;

  /// @throws IllegalArgumentException when the parts would not fit each other
  Blueprint {
    boolean everywhere =
        Stream.of(options.ovsdb(), options.openflow())
            .anyMatch(address ->
                Optional.ofNullable(address.getAddress())
                    .filter(InetAddress::isAnyLocalAddress)
                    .isPresent());
    if (everywhere && !options.cluster().isAlone() && options.advertise().isEmpty()) {
      throw new IllegalArgumentException(
          "a node of a cluster that listens for hosts on all addresses needs --advertise HOST: the"
              + " hosts are told where each node is");
    }
  }

  /// Where the doors are, once they are open.
  record Ports(int rest, int ovsdb, int openflow) {}

  RatisSettings log() {
    RatisSettings settings = group();
    return tls.map(own -> settings.with(own.peers())).orElse(settings);
  }

  private RatisSettings group() {
    ClusterOptions belongs = options.cluster();
    Path directory = options.data().resolve("log");
    if (belongs.isAlone()) {
      return RatisSettings.alone(belongs.name(), options.name(), directory);
    }
    LogGroup.Peer self = peer(options.name(), belongs.address().orElseThrow());
    if (!belongs.seeds().isEmpty()) {
      return RatisSettings.joining(belongs.name(), self, directory);
    }
    List<LogGroup.Peer> founders =
        belongs.founders().isEmpty()
            ? List.of(self)
            : belongs.founders().stream()
                .map(founder -> peer(founder.node(), founder.address()))
                .toList();
    return RatisSettings.founding(belongs.name(), options.name(), founders, directory);
  }

  private static LogGroup.Peer peer(String name, ClusterOptions.Address address) {
    return new LogGroup.Peer(name, address.host(), address.port());
  }

  /// The way to the other nodes, which begins to open.
  Peers peers() {
    ClusterOptions belongs = options.cluster();
    if (belongs.isAlone()) {
      return new Alone(options.name());
    }
    ClusterOptions.Address address = belongs.address().orElseThrow();
    return HazelcastPeers.start(
        new PeersOptions(
            belongs.name(),
            options.name(),
            address.host(),
            address.port() + 1,
            belongs.callSeeds(),
            tls.map(NodeTls::peers)));
  }

  /// Where this node is found. A node that is alone tells no host: it is where they reached it.
  Member self(Ports ports) {
    Optional<ClusterOptions.Address> address = options.cluster().address();
    String reached =
        options.advertise().isEmpty()
            ? options.ovsdb().getAddress().getHostAddress()
            : options.advertise();
    String api = options.advertise().isEmpty() ? options.rest().host() : options.advertise();
    return new Member(
        new NodeName(options.name()),
        address.map(ClusterOptions.Address::log).orElse(""),
        address.map(ClusterOptions.Address::calls).orElse(""),
        "%s://%s:%d".formatted(tls.isPresent() ? "https" : "http", api, ports.rest()),
        address.map(any -> target(reached, ports.ovsdb())).orElse(""),
        address.map(any -> target(reached, ports.openflow())).orElse(""));
  }

  /// What is expected of switches, and who may be one.
  SwitchServer.Settings switches(ClaimPolicy policy, SwitchServer.Door door) {
    return new SwitchServer.Settings(
        policy,
        hostTls().map(NodeTls::fromHosts).orElse(null),
        options.insecureSouthbound(),
        OPENFLOW_THREADS,
        door);
  }

  /// TLS with hosts, unless plain TCP is meant.
  Optional<NodeTls> hostTls() {
    return options.insecureSouthbound() ? Optional.empty() : tls;
  }

  /// As hosts are told to connect.
  private String target(String address, int port) {
    return "%s:%s:%d".formatted(hostTls().isPresent() ? "ssl" : "tcp", address, port);
  }

  /// Every member, so that a host finds whoever becomes its master.
  static Targets targets(Collection<Member> members) {
    return new Targets(all(members, Member::openflow), all(members, Member::ovsdb));
  }

  private static List<String> all(Collection<Member> members, Function<Member, String> target) {
    return members.stream().map(target).filter(text -> !text.isEmpty()).sorted().toList();
  }

  /// Netty throws a `BindException` past the compiler; what an operator gets names the option.
  static <T> T listening(
      String option, InetSocketAddress address, Function<InetSocketAddress, T> listen)
      throws IOException {
    try {
      return listen.apply(address);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(
          "can't listen on %s %s: %s; is another controller running?"
              .formatted(option, address, e.getMessage()),
          e);
    }
  }

  /// What this node shows of itself to others, by the files that its options name.
  static Optional<NodeTls> tls(NodeOptions options, Closing closing) throws IOException {
    if (options.security().tls().isEmpty()) {
      return Optional.empty();
    }
    NodeName name = new NodeName(options.name());
    return Optional.of(
        closing.add(NodeTls.start(options.security().tls().get(), name, InstantSource.system())));
  }

  /// Whom the API believes.
  TokenAuthority tokens(Closing closing, InstantSource clock, SecureRandom random)
      throws IOException {
    AdminToken admin = AdminToken.in(options.data(), random);
    return options.security().tokens().isEmpty()
        ? admin
        : new TokenAuthorities(
            List.of(
                admin, closing.add(new JwtAuthority(options.security().tokens().get(), clock))));
  }
}

package io.heddle.node;

import io.heddle.core.cluster.Alone;
import io.heddle.core.cluster.HazelcastPeers;
import io.heddle.core.cluster.Peers;
import io.heddle.core.cluster.PeersOptions;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.replication.RatisSettings;
import io.heddle.core.store.LogGroup;
import io.heddle.ovsdb.host.Targets;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a node's options mean for its parts.
record Blueprint(NodeOptions options) {

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
            belongs.callSeeds()));
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
        "http://%s:%d".formatted(api, ports.rest()),
        address.map(any -> "tcp:%s:%d".formatted(reached, ports.ovsdb())).orElse(""),
        address.map(any -> "tcp:%s:%d".formatted(reached, ports.openflow())).orElse(""));
  }

  /// Every member, so that a host finds whoever becomes its master.
  static Targets targets(Collection<Member> members) {
    return new Targets(all(members, Member::openflow), all(members, Member::ovsdb));
  }

  private static List<String> all(Collection<Member> members, Function<Member, String> target) {
    return members.stream().map(target).filter(text -> !text.isEmpty()).sorted().toList();
  }
}

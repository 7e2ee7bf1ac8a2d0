package io.heddle.core.cluster;

import io.heddle.core.tls.PeerTls;
import java.util.List;
import java.util.Optional;

/// How a node finds the others and is found.
///
/// @param cluster names the cluster: nodes of another one are not talked to
/// @param node this node's name
/// @param host the address to listen on, which the others reach
/// @param port the port to listen on; 0 for any free one
/// @param seeds `HOST:PORT` of nodes, some of which may be there; a host's name may stand for
///   several addresses (DNS)
/// @param tls what this node shows the others and whom it believes; without it, all is in clear
public record PeersOptions(
    String cluster, String node, String host, int port, List<String> seeds, Optional<PeerTls> tls) {

  public PeersOptions {
    seeds = List.copyOf(seeds);
  }

  /// In clear, for loopback and networks that nobody else reaches.
  public PeersOptions(String cluster, String node, String host, int port, List<String> seeds) {
    this(cluster, node, host, port, seeds, Optional.empty());
  }
}

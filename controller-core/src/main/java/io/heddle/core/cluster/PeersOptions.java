package io.heddle.core.cluster;

import java.util.List;

/// How a node finds the others and is found.
///
/// @param cluster names the cluster: nodes of another one are not talked to
/// @param node this node's name
/// @param host the address to listen on, which the others reach
/// @param port the port to listen on; 0 for any free one
/// @param seeds `HOST:PORT` of nodes, some of which may be there; a host's name may stand for
///   several addresses (DNS)
public record PeersOptions(String cluster, String node, String host, int port, List<String> seeds) {

  public PeersOptions {
    seeds = List.copyOf(seeds);
  }
}

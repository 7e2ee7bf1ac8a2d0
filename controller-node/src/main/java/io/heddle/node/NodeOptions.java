package io.heddle.node;

import io.heddle.core.reconcile.AuditPolicy;
import io.heddle.rest.RestOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// How one node is to run.
///
/// @param name this node's name in the cluster
/// @param data where it keeps its log, history and tokens; its own
/// @param ovsdb where hosts' databases connect to; port 0 for any free one
/// @param dialled databases of hosts that wait for us to connect (`ptcp:`), beside those that
///   connect by themselves
/// @param openflow where hosts' switches connect to; port 0 for any free one
/// @param insecureSouthbound plain TCP off loopback is meant: a separate management network
/// @param advertise the address by which hosts and clients reach this node, where that is not the
///   one it listens on; may be empty
/// @param cluster the nodes it works with
/// @param audit what becomes of what others do to switches
public record NodeOptions(
    String name,
    Path data,
    RestOptions rest,
    InetSocketAddress ovsdb,
    List<InetSocketAddress> dialled,
    InetSocketAddress openflow,
    boolean insecureSouthbound,
    String advertise,
    ClusterOptions cluster,
    AuditPolicy audit) {

  public NodeOptions {
    dialled = List.copyOf(dialled);
  }

  /// A node that is the whole cluster.
  public NodeOptions(
      String name,
      Path data,
      RestOptions rest,
      InetSocketAddress ovsdb,
      List<InetSocketAddress> dialled,
      InetSocketAddress openflow,
      boolean insecureSouthbound) {
    this(
        name,
        data,
        rest,
        ovsdb,
        dialled,
        openflow,
        insecureSouthbound,
        "",
        ClusterOptions.ALONE,
        AuditPolicy.DEFAULT);
  }
}

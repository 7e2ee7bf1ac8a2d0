package io.heddle.node;

import io.heddle.core.reconcile.AuditPolicy;
import io.heddle.node.tls.TlsFiles;
import io.heddle.rest.RestOptions;
import io.heddle.rest.auth.JwtOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How one node is to run.
///
/// @param name this node's name in the cluster
/// @param data where it keeps its log, history and tokens; its own
/// @param ovsdb where hosts' databases connect to; port 0 for any free one
/// @param dialled databases of hosts that wait for us to connect (`ptcp:`), beside those that
///   connect by themselves
/// @param openflow where hosts' switches connect to; port 0 for any free one
/// @param insecureSouthbound plain TCP to hosts is meant, off loopback too: a separate management
///   network
/// @param advertise the address by which hosts and clients reach this node, where that is not the
///   one it listens on; may be empty
/// @param cluster the nodes it works with
/// @param audit what becomes of what others do to switches
/// @param security how it is known, and whom it knows
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
    AuditPolicy audit,
    Security security) {

  public NodeOptions {
    dialled = List.copyOf(dialled);
  }

  /// How a node is known, and whom it knows.
  ///
  /// @param tls its certificate; without one, everything is in clear
  /// @param tokens whose signed tokens it believes, beside its admin token
  public record Security(Optional<TlsFiles> tls, Optional<JwtOptions> tokens) {
    public static final Security NONE = new Security(Optional.empty(), Optional.empty());
  }

  /// A node without a certificate.
  public NodeOptions(
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
    this(
        name,
        data,
        rest,
        ovsdb,
        dialled,
        openflow,
        insecureSouthbound,
        advertise,
        cluster,
        audit,
        Security.NONE);
  }

  /// A node without a certificate that mends what others do to switches.
  public NodeOptions(
      String name,
      Path data,
      RestOptions rest,
      InetSocketAddress ovsdb,
      List<InetSocketAddress> dialled,
      InetSocketAddress openflow,
      boolean insecureSouthbound,
      String advertise,
      ClusterOptions cluster) {
    this(
        name,
        data,
        rest,
        ovsdb,
        dialled,
        openflow,
        insecureSouthbound,
        advertise,
        cluster,
        AuditPolicy.DEFAULT);
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

  /// The same node, known and knowing in this way.
  public NodeOptions with(Security other) {
    return new NodeOptions(
        name,
        data,
        rest,
        ovsdb,
        dialled,
        openflow,
        insecureSouthbound,
        advertise,
        cluster,
        audit,
        other);
  }
}

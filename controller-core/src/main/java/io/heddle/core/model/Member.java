package io.heddle.core.model;

import java.util.List;

/// A node of the cluster and where it is found, as it says of itself whenever it starts.
///
/// @param raft where the other nodes reach its log, `HOST:PORT`
/// @param calls where the other nodes reach it for everything else, `HOST:PORT`
/// @param api where its REST API is, such as `http://192.0.2.1:7080`
/// @param ovsdb the target by which hosts' databases reach it, such as `tcp:192.0.2.1:6640`; empty
///   when hosts are not told
/// @param openflow the target by which hosts' switches reach it; empty when a host uses the address
///   at which it found the node
public record Member(
    NodeName name, String raft, String calls, String api, String ovsdb, String openflow)
    implements Row {

  /// One entry lists all members.
  public static final Index<Member, String> ALL =
      new Index<>("all members", member -> List.of("all"));

  public static final Kind<Member> KIND =
      new Kind<>("member", Member.class, 1, NodeName::new, List.of(ALL));

  @Override
  public NodeName key() {
    return name;
  }
}

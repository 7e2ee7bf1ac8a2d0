package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who is in the cluster and, by its epoch, whose word switches obey: every claim of a switch
/// carries the epoch, and a switch refuses one older than it has seen.
///
/// A host's master follows from the view alone, so all nodes that know the view agree on it.
///
/// @param epoch `incarnation << 32 | n`; as OpenFlow's `generation_id` it only rises
/// @param members the nodes that may be masters, sorted
/// @param exceptions members that reach a host worse than others do, and so are not its master
public record ClusterView(
    long epoch, List<String> members, SortedMap<HostId, Set<String>> exceptions) implements Row {

  public static final Kind<ClusterView> KIND =
      new Kind<>("view", ClusterView.class, 1, Id::parse, List.of());
  public static final Id ID = new Id("view");

  public ClusterView {
    members = members.stream().sorted().distinct().toList();
    SortedMap<HostId, Set<String>> copy = new TreeMap<>();
    exceptions.forEach((host, nodes) -> copy.put(host, Set.copyOf(nodes)));
    exceptions = Collections.unmodifiableSortedMap(copy);
  }

  public ClusterView(long epoch, List<String> members) {
    this(epoch, members, Collections.emptySortedMap());
  }

  @Override
  public Id key() {
    return ID;
  }

  /// The same epoch and exceptions with other members.
  public ClusterView with(List<String> otherMembers) {
    return new ClusterView(epoch, otherMembers, exceptions);
  }

  /// The same members and exceptions under a later epoch.
  public ClusterView at(long laterEpoch) {
    return new ClusterView(laterEpoch, members, exceptions);
  }

  /// The one node that programs a host and writes to its database: of the members that are no
  /// exception for it, the one that rendezvous hashing ranks highest. A member that comes or goes
  /// moves its own share of the hosts and no others.
  public Optional<String> masterOf(HostId host) {
    Set<String> worse = exceptions.getOrDefault(host, Set.of());
    List<String> candidates = members.stream().filter(member -> !worse.contains(member)).toList();
    return (candidates.isEmpty() ? members : candidates)
        .stream().max((a, b) -> Long.compareUnsigned(rank(host, a), rank(host, b)));
  }

  /// FNV-1a over both names, mixed once more so that similar names rank independently. Nodes of all
  /// versions must agree on it: it never changes.
  private static long rank(HostId host, String member) {
    long hash = 0xcbf29ce484222325L;
    String text = host.value() + "|" + member;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  public record Id(@JsonValue String value) implements Key<ClusterView> {

    @JsonCreator
    public static Id parse(String text) {
      return new Id(text);
    }

    @Override
    public Kind<ClusterView> kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return value;
    }
  }
}

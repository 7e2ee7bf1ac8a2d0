package io.heddle.core.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells members of this node's cluster from those of another one that bears the same name.
///
/// Raft's messages don't say which cluster they are of, but entries do: each bears a stamp, a part
/// of its cluster's id. A leader that this node knows as a member is believed until it sends a
/// wrong stamp; any other has to show a right one first. Whoever sent a wrong one is not listened
/// to for a while.
final class Strangers {

  /// Long enough for a leader that wants to add this node to give up.
  private static final long IGNORED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

  private final LongSupplier nanoTime;
  private final Set<String> proven = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> ignoredSince = new ConcurrentHashMap<>();
  private volatile long ours;

  Strangers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// What entries of a cluster bear; 0 is borne by those that were written before it was founded.
  static long stamp(UUID clusterId) {
    return clusterId.getMostSignificantBits();
  }

  /// From here on, this node knows its cluster.
  void belongsTo(UUID clusterId) {
    ours = stamp(clusterId);
  }

  /// @param members those that this node knows
  void check(AppendEntriesRequestProto append, RaftConfiguration members) throws IOException {
    if (ours == 0) {
      return;
    }
    String leader = leader(append);
    requireNotIgnored(leader);
    boolean shown = false;
    for (LogEntryProto entry : append.getEntriesList()) {
      long theirs = stamp(entry);
      if (theirs != 0 && theirs != ours) {
        throw ignore(leader);
      }
      shown |= theirs == ours;
    }
    if (shown) {
      proven.add(leader);
    } else if (!proven.contains(leader) && !known(members).contains(leader)) {
      throw new IOException("%s has not shown that it is of this cluster".formatted(leader));
    }
  }

  void check(InstallSnapshotRequestProto install) throws IOException {
    requireNotIgnored(leader(install));
  }

  /// It sent another cluster's snapshot, which was refused.
  void ignore(InstallSnapshotRequestProto install) {
    var _ = ignore(leader(install));
  }

  void check(RequestVoteRequestProto vote, RaftConfiguration members) throws IOException {
    RaftPeer candidate =
        members.getPeer(RaftPeerId.valueOf(vote.getServerRequest().getRequestorId()));
    if (candidate != null) {
      requireNotIgnored(key(candidate));
    }
  }

  private static Set<String> known(RaftConfiguration members) {
    return Stream.concat(members.getCurrentPeers().stream(), members.getPreviousPeers().stream())
        .map(Strangers::key)
        .collect(Collectors.toSet());
  }

  private static String key(RaftPeer peer) {
    return peer.getId() + "@" + peer.getAddress();
  }

  private static String leader(AppendEntriesRequestProto append) {
    return leader(
        append.getServerRequest(),
        append.getCommitInfosList().stream().map(info -> info.getServer()));
  }

  private static String leader(InstallSnapshotRequestProto install) {
    return leader(
        install.getServerRequest(),
        install
            .getLastRaftConfigurationLogEntryProto()
            .getConfigurationEntry()
            .getPeersList()
            .stream());
  }

  /// The leader's name, and where it says that it is.
  private static String leader(RaftRpcRequestProto request, Stream<RaftPeerProto> peers) {
    ByteString name = request.getRequestorId();
    return peers
        .filter(peer -> peer.getId().equals(name))
        .map(peer -> name.toStringUtf8() + "@" + peer.getAddress())
        .findFirst()
        .orElse(name.toStringUtf8());
  }

  private static long stamp(LogEntryProto entry) {
    if (!entry.hasStateMachineLogEntry()) {
      return 0;
    }
    ByteBuffer client = entry.getStateMachineLogEntry().getClientId().asReadOnlyByteBuffer();
    return client.remaining() < Long.BYTES ? 0 : client.getLong();
  }

  private void requireNotIgnored(String node) throws IOException {
    Long since = ignoredSince.get(node);
    if (since == null) {
      return;
    }
    if (nanoTime.getAsLong() - since < IGNORED_NANOS) {
      throw new IOException("%s is of another cluster".formatted(node));
    }
    ignoredSince.remove(node);
  }

  private IOException ignore(String node) {
    if (ignoredSince.put(node, nanoTime.getAsLong()) == null) {
      LOG.error("event=stranger from={} cause=\"it sends what is of another cluster\"", node);
    }
    proven.remove(node);
    return new IOException("%s sends what is of another cluster".formatted(node));
  }
}

package io.heddle.core.replication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// Who makes up the group, where this node keeps its part, and how Ratis is set up for it.
///
/// @param cluster names the group; nodes of another cluster are refused
/// @param node which of the peers this is
/// @param peers all of the group's nodes; a single one needs no address
/// @param directory this node's own, on a disk that survives it
/// @param snapshotEvery entries between snapshots, and so the most that a start replays
public record RatisSettings(
    String cluster, String node, List<Peer> peers, Path directory, long snapshotEvery) {

  /// Replaying takes about 30 µs an entry, so a start replays for a second at most.
  public static final long SNAPSHOT_EVERY = 20_000;

  /// The largest entry: a command's 3 MiB of facts, and what Ratis puts around it.
  private static final SizeInBytes MAX_ENTRY = SizeInBytes.valueOf("4MB");

  /// Ratis wants room for the largest entry and its frame. It is one direct buffer.
  private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf("4100KB");

  /// Small segments are purged soon after a snapshot, and loaded fast.
  private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("8MB");

  /// Entries that stay in memory beyond the open segment: the image holds all that matters, and a
  /// follower that is further behind is served from disk.
  private static final SizeInBytes CACHE = SizeInBytes.valueOf("16MB");

  private static final int CACHED_SEGMENTS = 2;

  /// What may wait to be written. The store has one batch in flight.
  private static final SizeInBytes PENDING = SizeInBytes.valueOf("16MB");

  private static final SizeInBytes SNAPSHOT_CHUNK = SizeInBytes.valueOf("2MB");

  /// Group traffic is one stream to each peer: two threads serve it.
  private static final int RPC_THREADS = 2;

  private static final int SNAPSHOTS_KEPT = 2;

  /// Ratis remembers its replies for callers that repeat a call. The store never does: a batch has
  /// a base.
  private static final TimeDuration REPLIES_KEPT = TimeDuration.valueOf(1, TimeUnit.SECONDS);

  /// Followers wait so long for the leader's heartbeat; writes are back in about a second.
  private static final TimeDuration ELECTION_MIN = TimeDuration.valueOf(300, TimeUnit.MILLISECONDS);

  private static final TimeDuration ELECTION_MAX = TimeDuration.valueOf(600, TimeUnit.MILLISECONDS);

  /// A group of one has nobody to wait for.
  private static final TimeDuration ALONE_MIN = TimeDuration.valueOf(10, TimeUnit.MILLISECONDS);

  private static final TimeDuration ALONE_MAX = TimeDuration.valueOf(20, TimeUnit.MILLISECONDS);

  /// A node of the group and where it listens for the others.
  public record Peer(String node, String host, int port) {}

  public RatisSettings {
    peers = List.copyOf(peers);
    if (peers.stream().filter(peer -> peer.node().equals(node)).count() != 1) {
      throw new IllegalArgumentException(
          "node '%s' must stand exactly once among the peers %s".formatted(node, peers));
    }
    if (peers.size() > 1 && peers.stream().anyMatch(peer -> peer.port() == 0)) {
      throw new IllegalArgumentException("every peer of a group needs a port: " + peers);
    }
  }

  /// A group of one, on the loopback interface, at a port that the system chooses.
  public static RatisSettings alone(String cluster, String node, Path directory) {
    return new RatisSettings(
        cluster, node, List.of(new Peer(node, "127.0.0.1", 0)), directory, SNAPSHOT_EVERY);
  }

  RatisSettings withSnapshotEvery(long entries) {
    return new RatisSettings(cluster, node, peers, directory, entries);
  }

  Peer self() {
    return peers.stream().filter(peer -> peer.node().equals(node)).findFirst().orElseThrow();
  }

  RaftGroupId groupId() {
    return RaftGroupId.valueOf(
        UUID.nameUUIDFromBytes(("heddle/" + cluster).getBytes(StandardCharsets.UTF_8)));
  }

  RaftGroup group() {
    return RaftGroup.valueOf(
        groupId(),
        peers.stream()
            .map(peer ->
                RaftPeer.newBuilder()
                    .setId(peer.node())
                    .setAddress(peer.host() + ":" + peer.port())
                    .build())
            .toList());
  }

  /// Where Ratis keeps this group's log, snapshots and votes.
  Path groupDirectory() {
    return directory.resolve(groupId().getUuid().toString());
  }

  RaftProperties properties() throws IOException {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(properties, directory.resolve("removed").toFile());
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, snapshotEvery);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
    RaftServerConfigKeys.Write.setByteLimit(properties, PENDING);
    boolean alone = peers.size() == 1;
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, alone ? ALONE_MIN : ELECTION_MIN);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, alone ? ALONE_MAX : ELECTION_MAX);
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, REPLIES_KEPT);
    log(properties);
    rpc(properties);
    return properties;
  }

  private static void log(RaftProperties properties) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT);
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, CACHE);
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
    RaftServerConfigKeys.Log.setQueueByteLimit(properties, PENDING);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, MAX_ENTRY);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SNAPSHOT_CHUNK);
    // Acknowledged means fsynced: these are Ratis's defaults, and not ours to lose to a new
    // default.
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // A peer that is away must not keep the whole log alive: it gets a snapshot.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
  }

  private void rpc(RaftProperties properties) {
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    GrpcConfigKeys.Server.setHost(properties, self().host());
    GrpcConfigKeys.Server.setPort(properties, self().port());
    GrpcConfigKeys.Client.setWorkerGroupSize(properties, RPC_THREADS);
    GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
    GrpcConfigKeys.Server.setWorkerGroupSize(properties, RPC_THREADS);
    GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(properties, RPC_THREADS);
    GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("8MB"));
  }
}

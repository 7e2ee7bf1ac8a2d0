package io.heddle.core.replication;

import io.heddle.core.store.LogGroup;
import io.heddle.core.tls.PeerTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// Which group this node belongs to, where it keeps its part, and how Ratis is set up for it.
///
/// What Raft has on disk wins over the founders: they matter when the directory is empty, and never
/// again.
///
/// @param cluster names the group; the log of another cluster is refused
/// @param self this node, and where it listens for the others
/// @param founders the members of a group that is to be founded, this node among them; empty for a
///   node that waits to be added to one
/// @param directory this node's own, on a disk that survives it
/// @param snapshotEvery entries between snapshots, and so the most that a start replays
/// @param tls what this node shows the others and whom it believes; without it, all is in clear
public record RatisSettings(
    String cluster,
    LogGroup.Peer self,
    List<LogGroup.Peer> founders,
    Path directory,
    long snapshotEvery,
    Optional<PeerTls> tls) {

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

  /// A leader that lost its majority, or the processor, for so long leaves it to the others first.
  private static final TimeDuration STEP_DOWN_WAIT = TimeDuration.valueOf(1, TimeUnit.SECONDS);

  /// The first election needs no patience: nobody leads yet, or a vote before the vote says so.
  private static final TimeDuration FIRST_ELECTION_MIN =
      TimeDuration.valueOf(50, TimeUnit.MILLISECONDS);

  private static final TimeDuration FIRST_ELECTION_MAX =
      TimeDuration.valueOf(150, TimeUnit.MILLISECONDS);

  /// A node that is being added and says nothing for so long is given up. Loading a snapshot of a
  /// large cloud takes a second or two.
  private static final TimeDuration STAGING_WITHIN = TimeDuration.valueOf(5, TimeUnit.SECONDS);

  /// For each of the chunks in flight, eight of them: a snapshot may take two minutes.
  private static final TimeDuration SNAPSHOT_CHUNK_WITHIN =
      TimeDuration.valueOf(15, TimeUnit.SECONDS);

  /// A member that is away is called so often: one that comes back waits no longer for the leader.
  private static final String CALL_AGAIN = "10ms,5, 200ms,1000000000";

  /// Ratis closes a server whose process was stopped for a minute. Ours finds its way back.
  private static final TimeDuration NO_PAUSE_IS_TOO_LONG =
      TimeDuration.valueOf(3650, TimeUnit.DAYS);

  public RatisSettings {
    founders = List.copyOf(founders);
    if (!founders.isEmpty() && founders.stream().filter(self::equals).count() != 1) {
      throw new IllegalArgumentException(
          "%s must stand exactly once among the founders %s".formatted(self, founders));
    }
    if (founders.stream().map(LogGroup.Peer::name).distinct().count() != founders.size()) {
      throw new IllegalArgumentException("two of the founders bear one name: " + founders);
    }
    boolean several = founders.size() != 1;
    if (several && (self.port() == 0 || founders.stream().anyMatch(peer -> peer.port() == 0))) {
      throw new IllegalArgumentException(
          "every member of a group needs a port: %s among %s".formatted(self, founders));
    }
  }

  /// A group of one for good, on the loopback interface, at a port that the system chooses.
  public static RatisSettings alone(String cluster, String node, Path directory) {
    LogGroup.Peer self = new LogGroup.Peer(node, "127.0.0.1", 0);
    return new RatisSettings(
        cluster, self, List.of(self), directory, SNAPSHOT_EVERY, Optional.empty());
  }

  /// One of those who found a group together: all are started with the same list. A single one
  /// founds a group that others may be added to.
  public static RatisSettings founding(
      String cluster, String node, List<LogGroup.Peer> founders, Path directory) {
    LogGroup.Peer self =
        founders.stream()
            .filter(peer -> peer.name().equals(node))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "node '%s' is none of the founders %s".formatted(node, founders)));
    return new RatisSettings(cluster, self, founders, directory, SNAPSHOT_EVERY, Optional.empty());
  }

  /// One that starts with nothing and waits until the leader adds it.
  public static RatisSettings joining(String cluster, LogGroup.Peer self, Path directory) {
    return new RatisSettings(cluster, self, List.of(), directory, SNAPSHOT_EVERY, Optional.empty());
  }

  RatisSettings withSnapshotEvery(long entries) {
    return new RatisSettings(cluster, self, founders, directory, entries, tls);
  }

  /// The same group, over mutual TLS.
  public RatisSettings with(PeerTls mutual) {
    return new RatisSettings(
        cluster, self, founders, directory, snapshotEvery, Optional.of(mutual));
  }

  String node() {
    return self.name();
  }

  /// Has nobody to wait for, ever.
  private boolean isAlone() {
    return self.port() == 0;
  }

  RaftGroupId groupId() {
    return RaftGroupId.valueOf(
        UUID.nameUUIDFromBytes(("heddle/" + cluster).getBytes(StandardCharsets.UTF_8)));
  }

  RaftGroup group() {
    return RaftGroup.valueOf(groupId(), founders.stream().map(RatisSettings::raftPeer).toList());
  }

  static RaftPeer raftPeer(LogGroup.Peer peer) {
    return RaftPeer.newBuilder().setId(peer.name()).setAddress(peer.address()).build();
  }

  static LogGroup.Peer peer(RaftPeer peer) {
    String address = peer.getAddress();
    int colon = address.lastIndexOf(':');
    return new LogGroup.Peer(
        peer.getId().toString(),
        address.substring(0, colon),
        Integer.parseInt(address.substring(colon + 1)));
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
    RaftServerConfigKeys.setStagingTimeout(properties, STAGING_WITHIN);
    RaftServerConfigKeys.setCloseThreshold(properties, NO_PAUSE_IS_TOO_LONG);
    elections(properties);
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, REPLIES_KEPT);
    log(properties);
    rpc(properties);
    return properties;
  }

  private void elections(RaftProperties properties) {
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, isAlone() ? ALONE_MIN : ELECTION_MIN);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, isAlone() ? ALONE_MAX : ELECTION_MAX);
    if (!isAlone()) {
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, FIRST_ELECTION_MIN);
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, FIRST_ELECTION_MAX);
    }
    // A node that was away must not depose the leader by coming back.
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, STEP_DOWN_WAIT);
  }

  private static void log(RaftProperties properties) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT);
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, CACHE);
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
    RaftServerConfigKeys.Log.setQueueByteLimit(properties, PENDING);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, MAX_ENTRY);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SNAPSHOT_CHUNK);
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, CALL_AGAIN);
    // Acknowledged means fsynced: these are Ratis's defaults, and not ours to lose to a new
    // default.
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // A peer that is away must not keep the whole log alive: it gets a snapshot.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
  }

  private void rpc(RaftProperties properties) {
    RaftConfigKeys.Rpc.setType(properties, new PeerRpc());
    GrpcConfigKeys.Server.setHost(properties, self.host());
    GrpcConfigKeys.Server.setPort(properties, self.port());
    GrpcConfigKeys.Server.setInstallSnapshotRequestTimeout(properties, SNAPSHOT_CHUNK_WITHIN);
    GrpcConfigKeys.Client.setWorkerGroupSize(properties, RPC_THREADS);
    GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
    GrpcConfigKeys.Server.setWorkerGroupSize(properties, RPC_THREADS);
    GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(properties, RPC_THREADS);
    GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("8MB"));
  }
}

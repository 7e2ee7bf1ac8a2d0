package io.heddle.core.replication;

import io.heddle.core.store.Log;
import io.heddle.core.store.UnreadableException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes on to the log's reader what Ratis has committed, and keeps the reader's snapshots.
final class RatisStateMachine extends BaseStateMachine {

  private static final Logger LOG = LoggerFactory.getLogger(RatisStateMachine.class);
  private static final Message DONE = Message.EMPTY;

  /// What makes a snapshot fail, a full disk, lasts for minutes.
  private static final long FAILED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// An entry that the reader does not hear of.
  static final byte[] SILENCE = {};

  /// What this node's part of the group wants to know beside what the reader hears.
  interface Events {

    /// The cluster that this node belongs to, if it knows.
    Optional<UUID> clusterId();

    /// The leader or the members may have changed.
    void changed();

    /// These are the members from here on.
    void configured(LogEntryProto members) throws IOException;

    /// This node leads, and has applied all that came before.
    void leads();

    /// Ratis has closed the log, whoever asked for it.
    void closed();
  }

  private final Log.Reader reader;
  private final SnapshotStaging staging;
  private final Events events;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private volatile long configuredInTerm;
  private boolean snapshotFailed;
  private long failedAt;

  RatisStateMachine(Log.Reader reader, SnapshotStaging staging, Events events) {
    this.reader = reader;
    this.staging = staging;
    this.events = events;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, group, raftStorage);
    getLifeCycle()
        .startAndTransition(
            () -> {
              storage.init(raftStorage);
              readSnapshot(storage.getLatestSnapshot());
            },
            IOException.class);
  }

  /// A snapshot of the leader's has arrived; when this returns, Ratis puts it in place of ours.
  @Override
  public void pause() {
    try {
      staging.admit(events.clusterId());
    } catch (UnreadableException e) {
      reader.failed(e);
      throw e;
    } catch (IOException e) {
      LOG.warn("event=snapshot-refused cause=\"{}\"", e.getMessage());
      throw new UncheckedIOException(e);
    }
    if (getLifeCycleState() == LifeCycle.State.RUNNING) {
      getLifeCycle().transition(LifeCycle.State.PAUSING);
      getLifeCycle().transition(LifeCycle.State.PAUSED);
    }
  }

  /// It is in place.
  @Override
  public void reinitialize() throws IOException {
    try {
      getLifeCycle()
          .startAndTransition(
              () -> {
                SingleFileSnapshotInfo installed = storage.loadLatestSnapshot();
                staging.installed();
                readSnapshot(installed);
              },
              IOException.class);
    } catch (IOException | RuntimeException e) {
      reader.failed(e);
      throw e;
    }
  }

  private void readSnapshot(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
    if (snapshot == null) {
      return;
    }
    Path file = snapshot.getFile().getPath();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      if (snapshot.getFile().getFileDigest() != null) {
        MD5FileUtil.verifySavedMD5(file.toFile(), snapshot.getFile().getFileDigest());
      }
      reader.readSnapshot(in);
    } catch (IOException | UnreadableException e) {
      throw new LogDamagedException(
          file,
          "the snapshot at entry %d is damaged: %s".formatted(snapshot.getIndex(), e.getMessage()),
          "restore this node's data directory from a backup, or remove it and let the other nodes fill it",
          e);
    }
    setLastAppliedTermIndex(snapshot.getTermIndex());
  }

  /// Ratis tries again without pause, for ever, what threw. The reader is told instead, and ends
  /// the node.
  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    ByteString data = entry.getStateMachineLogEntry().getLogData();
    try {
      if (data.size() > SILENCE.length) {
        reader.apply(data.toByteArray());
      }
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      return CompletableFuture.completedFuture(DONE);
    } catch (RuntimeException | OutOfMemoryError e) {
      reader.failed(e);
      return CompletableFuture.failedFuture(e);
    }
  }

  /// Where it fails, the log is kept, and it is tried again a while later. Ratis must not hear of
  /// the failure: it would try again at once, and at every entry.
  @Override
  public long takeSnapshot() {
    long now = System.nanoTime();
    if (snapshotFailed && now - failedAt < FAILED_PAUSE_NANOS) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    try {
      long index = writeSnapshot(getLastAppliedTermIndex());
      snapshotFailed = false;
      return index;
    } catch (IOException | RuntimeException e) {
      if (!snapshotFailed) {
        LOG.warn("event=snapshot-failed cause=\"{}\"", e.getMessage());
      }
      snapshotFailed = true;
      failedAt = now;
      return RaftLog.INVALID_LOG_INDEX;
    }
  }

  /// On disk and named, with its digest, before anything that it holds may be purged from the log.
  private long writeSnapshot(TermIndex last) throws IOException {
    File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
    Path written = file.toPath().resolveSibling(file.getName() + ".tmp");
    boolean taken = false;
    try {
      try (FileOutputStream out = new FileOutputStream(written.toFile())) {
        OutputStream buffered = new BufferedOutputStream(out);
        reader.writeSnapshot(buffered);
        buffered.flush();
        out.getFD().sync();
      }
      Files.move(written, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
      Durable.syncDirectory(file.toPath().getParent());
      FileInfo info = new FileInfo(file.toPath(), MD5FileUtil.computeAndSaveMd5ForFile(file));
      storage.updateLatestSnapshot(new SingleFileSnapshotInfo(info, last));
      taken = true;
    } finally {
      if (!taken) {
        Files.deleteIfExists(written);
        Files.deleteIfExists(MD5FileUtil.getDigestFileForFile(file).toPath());
        Files.deleteIfExists(file.toPath());
      }
    }
    LOG.info(
        "event=snapshot-taken term={} index={} bytes={}",
        last.getTerm(),
        last.getIndex(),
        file.length());
    return last.getIndex();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  /// Ratis calls it, from the thread that applies, when the first entry of this leader's term is
  /// applied: the configuration that every leader begins with.
  @Override
  public void notifyLeaderReady() {
    events.leads();
    reader.leads(configuredInTerm);
    events.changed();
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    configuredInTerm = term;
    try {
      events.configured(
          LogEntryProto.newBuilder()
              .setTerm(term)
              .setIndex(index)
              .setConfigurationEntry(configuration)
              .build());
    } catch (IOException e) {
      reader.failed(e);
    }
    events.changed();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    reader.follows();
    events.changed();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId group, @Nullable RaftPeerId leader) {
    if (leader != null && !leader.equals(group.getPeerId())) {
      reader.follows();
    }
    events.changed();
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    reader.failed(cause);
  }

  @Override
  public void close() throws IOException {
    super.close();
    events.closed();
  }
}

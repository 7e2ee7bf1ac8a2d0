package io.heddle.core.replication;

import io.heddle.core.store.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log on Apache Ratis: one Raft group, of one node or several.
///
/// Entries go to the server in this process, without a network client. Ratis flushes what it wrote
/// before it counts it, and applies only what a majority has flushed.
public final class RatisLog implements Log {

  /// Ratis waits for its threads for a day. What is acknowledged is on disk before.
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);

  private final RatisSettings settings;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private volatile @Nullable RaftServer server;
  private volatile @Nullable DirectoryLock lock;

  public RatisLog(RatisSettings settings) {
    this.settings = settings;
  }

  @Override
  public void start(Reader reader) throws IOException {
    ExitUtils
        .disableSystemExit(); // Ratis ends the process when its port is taken; we say so instead
    DirectoryLock taken = DirectoryLock.acquire(settings.directory());
    try {
      LogFiles.check(settings.groupDirectory());
      server = startServer(reader);
      lock = taken;
    } finally {
      if (lock == null) {
        taken.close();
      }
    }
    LOG.info(
        "event=log-started cluster={} node={} peers={} directory={}",
        settings.cluster(),
        settings.node(),
        settings.peers().size(),
        settings.directory());
  }

  private RaftServer startServer(Reader reader) throws IOException {
    RatisStateMachine machine = new RatisStateMachine(reader);
    RaftServer starting =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(settings.node()))
            .setGroup(settings.group())
            .setStateMachine(machine)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setProperties(settings.properties())
            .build();
    try {
      starting.start();
    } catch (IOException | RuntimeException e) {
      starting.close();
      throw explain(e);
    }
    return starting;
  }

  private IOException explain(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof LogDamagedException damaged) {
        return damaged;
      }
    }
    return new IOException(
        "the log in %s can't be opened: %s".formatted(settings.directory(), failed.getMessage()),
        failed);
  }

  @Override
  public CompletableFuture<Void> append(byte[] entry) {
    RaftServer running = server;
    try {
      if (running == null || !running.getDivision(settings.groupId()).getInfo().isLeaderReady()) {
        return CompletableFuture.failedFuture(
            new NotLeader("node %s does not lead".formatted(settings.node())));
      }
      return running.submitClientRequestAsync(request(running, entry)).thenAccept(RatisLog::check);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /// An entry that says nothing: that a majority has it means that this node led when it was
  /// appended. (Ratis' own linearisable reads do not ask again while nothing has been committed in
  /// between, and a deposed leader does not hear that something was.)
  @Override
  public CompletableFuture<Void> confirm() {
    return append(RatisStateMachine.SILENCE);
  }

  private RaftClientRequest request(RaftServer running, byte[] entry) {
    return RaftClientRequest.newBuilder()
        .setClientId(client)
        .setServerId(running.getId())
        .setGroupId(settings.groupId())
        .setCallId(calls.incrementAndGet())
        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
        .setType(RaftClientRequest.writeRequestType())
        .build();
  }

  /// Every refusal counts as an unknown outcome, "not the leader" too: Ratis gives it to requests
  /// that it has appended already and a later leader may commit.
  private static void check(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new CompletionException(reply.getException());
    }
  }

  /// Returns when this node's part of the group is closed: a snapshot is taken and the files are
  /// let go of. The server's network threads end two seconds later, on their own.
  @Override
  public void close() {
    RaftServer running = server;
    if (running == null) {
      return;
    }
    server = null;
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("log-close").start(() -> close(running, closed));
    try {
      closed.get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("event=log-close-failed cause=\"{}\"", String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close(RaftServer running, CompletableFuture<Void> closed) {
    try (running) {
      try (DirectoryLock _ = lock) {
        running.getDivision(settings.groupId()).close();
      }
      closed.complete(null);
    } catch (IOException | RuntimeException e) {
      closed.completeExceptionally(e);
    }
  }
}

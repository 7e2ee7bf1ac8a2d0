package io.heddle.core.replication;

import io.heddle.core.store.Log;
import io.heddle.core.store.LogGroup;
import io.heddle.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
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
public final class RatisLog implements Log, LogGroup {

  /// Ratis waits for its threads for a day. What is acknowledged is on disk before.
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

  /// A transfer takes some milliseconds; without it the others elect one in half a second.
  private static final Duration HAND_OVER_WITHIN = Duration.ofSeconds(1);

  /// A start needs a segment of the log, which is reserved at once, and a snapshot.
  private static final long MIN_FREE_BYTES = 32L << 20;

  private static final Duration NEVER = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);

  /// gRPC says on its own, on standard error, that it could use epoll.
  private static final java.util.logging.Logger GRPC =
      java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty.io.grpc");

  static {
    GRPC.setLevel(java.util.logging.Level.WARNING);
  }

  private final RatisSettings settings;
  private final AtomicLong calls = new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 60));
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile ClientId client = ClientId.randomId();
  private volatile @Nullable Running running;
  private volatile boolean closing;

  /// What there is between start and close.
  private record Running(
      RaftServer server,
      RatisGroup group,
      Watch watch,
      Contact contact,
      Memory memory,
      Strangers strangers,
      DirectoryLock lock) {}

  public RatisLog(RatisSettings settings) {
    this.settings = settings;
  }

  @Override
  public void start(Reader reader) throws IOException {
    ExitUtils
        .disableSystemExit(); // Ratis ends the process when its port is taken; we say so instead
    DirectoryLock lock = DirectoryLock.acquire(settings.directory());
    try {
      running = start(reader, lock);
    } finally {
      if (running == null) {
        lock.close();
      }
    }
    LOG.info(
        "event=log-started cluster={} node={} members={} directory={}",
        settings.cluster(),
        settings.node(),
        members(),
        settings.directory());
  }

  private Running start(Reader reader, DirectoryLock lock) throws IOException {
    requireSpace();
    Memory memory = Memory.open(settings, Files.exists(settings.groupDirectory()));
    SnapshotStaging staging = new SnapshotStaging(settings.groupDirectory());
    staging.clear();
    MetaFiles meta = new MetaFiles(settings.groupDirectory());
    meta.mend(memory.vote());
    LogFiles.check(settings.groupDirectory());
    Contact contact = new Contact(System::nanoTime);
    Strangers strangers = new Strangers(System::nanoTime);
    PeerGate gate = new PeerGate(contact, memory, strangers, staging, settings.groupId());
    memory.clusterId().ifPresent(id -> bear(strangers, id));
    RatisStateMachine machine =
        new RatisStateMachine(reader, staging, new Happenings(reader, meta));
    RaftServer server = server(machine, gate);
    RatisGroup group = new RatisGroup(settings, contact, server);
    Watch watch = new Watch(group, contact, reader, settings.directory(), listeners);
    Running started = new Running(server, group, watch, contact, memory, strangers, lock);
    running = started; // what Ratis tells from here on is heard
    try {
      server.start();
      requireAddress(group.division());
    } catch (IOException | RuntimeException e) {
      closing = true;
      running = null;
      watch.close();
      server.close();
      throw explain(e);
    }
    watch.start();
    return started;
  }

  private void requireSpace() throws IOException {
    long free = Watch.freeBytes(settings.directory());
    if (free < MIN_FREE_BYTES) {
      throw new IOException(
          "%s has %d MB left; the log needs at least %d MB to start"
              .formatted(settings.directory(), free >> 20, MIN_FREE_BYTES >> 20));
    }
  }

  private RaftServer server(RatisStateMachine machine, PeerGate gate) throws IOException {
    return RaftServer.newBuilder()
        .setServerId(RaftPeerId.valueOf(settings.node()))
        .setGroup(settings.group())
        .setStateMachine(machine)
        .setOption(RaftStorage.StartupOption.RECOVER)
        .setProperties(settings.properties())
        .setParameters(PeerRpc.parameters(gate, settings.tls()))
        .build();
  }

  /// The others call a member where they know it to be.
  private void requireAddress(RaftServer.Division division) throws IOException {
    RaftPeer known = division.getRaftConf().getPeer(RaftPeerId.valueOf(settings.node()));
    if (known != null
        && division.getRaftConf().getAllPeers().size() > 1
        && !known.getAddress().equals(settings.self().address())) {
      throw new IOException(
          "the members know node %s at %s, not at %s; start it there, or remove it and add it again"
              .formatted(settings.node(), known.getAddress(), settings.self().address()));
    }
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

  /// What the state machine tells.
  private final class Happenings implements RatisStateMachine.Events {

    private final Reader reader;
    private final MetaFiles meta;

    Happenings(Reader reader, MetaFiles meta) {
      this.reader = reader;
      this.meta = meta;
    }

    @Override
    public Optional<UUID> clusterId() {
      return RatisLog.this.clusterId();
    }

    @Override
    public void changed() {
      Running now = running;
      if (now != null) {
        now.watch().look();
      }
    }

    @Override
    public void configured(LogEntryProto members) throws IOException {
      meta.remember(members);
    }

    @Override
    public void leads() {
      Running now = running;
      if (now != null) {
        now.memory().forgetsNothing();
      }
    }

    @Override
    public void closed() {
      Running now = running;
      if (now != null && !closing) {
        reader.failed(new IOException(whyClosed(now)));
      }
    }
  }

  private String whyClosed(Running now) {
    try {
      RaftServer.Division division = now.group().division();
      boolean listed =
          division.getRaftConf().getCurrentPeers().stream()
              .anyMatch(peer -> peer.getId().equals(division.getId()));
      // The members tell one who stands for election that it is none of them.
      if (!listed || division.getInfo().isCandidate()) {
        return "node %s was removed from the cluster; to let it take part again, empty %s and add it"
            .formatted(settings.node(), settings.directory());
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("event=closing cause=\"{}\"", e.getMessage());
    }
    return "Raft closed the log in %s after a fault of its own".formatted(settings.directory());
  }

  // --- the log ---

  @Override
  public CompletableFuture<Void> append(byte[] entry) {
    Running now = running;
    try {
      if (now == null || !now.group().division().getInfo().isLeaderReady()) {
        return CompletableFuture.failedFuture(
            new NotLeader("node %s does not lead".formatted(settings.node())));
      }
      return now.server()
          .submitClientRequestAsync(request(now.server(), entry))
          .thenAccept(RatisLog::check);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /// An entry that says nothing: that a majority has it means that this node led when it was
  /// appended. (Ratis' own linearisable reads do not ask again while nothing has been committed in
  /// between, and a deposed leader does not hear that something was.) A group of one need not ask.
  @Override
  public CompletableFuture<Void> confirm() {
    return ask(false, RatisGroup::leadsAlone)
        ? CompletableFuture.completedFuture(null)
        : append(RatisStateMachine.SILENCE);
  }

  private RaftClientRequest request(RaftServer server, byte[] entry) {
    return RaftClientRequest.newBuilder()
        .setClientId(client)
        .setServerId(server.getId())
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

  // --- the cluster that it belongs to ---

  /// The cluster that this node's directory belongs to, once it is known.
  public Optional<UUID> clusterId() {
    Running now = running;
    return now == null ? Optional.empty() : now.memory().clusterId();
  }

  /// The same of a log that is not running.
  public static Optional<UUID> clusterIdIn(Path directory) throws IOException {
    return NodeIdentity.read(directory).flatMap(NodeIdentity::clusterId);
  }

  /// Remembers it, on disk, and refuses everything of another cluster from here on.
  ///
  /// @throws IOException when this node belongs to another one
  public void belongsTo(UUID clusterId) throws IOException {
    Running now = running;
    if (now != null) {
      now.memory().belongsTo(clusterId);
      bear(now.strangers(), clusterId);
    }
  }

  /// Entries bear their cluster's stamp in the place of a client's id, of which there is only one.
  private void bear(Strangers strangers, UUID clusterId) {
    strangers.belongsTo(clusterId);
    client =
        ClientId.valueOf(
            new UUID(Strangers.stamp(clusterId), ThreadLocalRandom.current().nextLong()));
  }

  // --- the group ---

  private <T> T ask(T otherwise, Function<RaftServer.Division, T> question) {
    Running now = running;
    try {
      return now == null ? otherwise : question.apply(now.group().division());
    } catch (IOException e) {
      return otherwise;
    }
  }

  @Override
  public Optional<String> leader() {
    return ask(
        Optional.empty(),
        division ->
            Optional.ofNullable(division.getInfo().getLeaderId()).map(RaftPeerId::toString));
  }

  @Override
  public long term() {
    return ask(0L, division -> division.getInfo().getCurrentTerm());
  }

  @Override
  public Duration sinceContact() {
    Running now = running;
    return now == null ? NEVER : ask(NEVER, now.contact()::since);
  }

  @Override
  public List<Peer> members() {
    return ask(List.of(), RatisGroup::members);
  }

  @Override
  public CompletableFuture<Void> add(Peer peer) {
    return change(group -> group.add(peer));
  }

  @Override
  public CompletableFuture<Void> remove(String name) {
    return change(group -> group.remove(name));
  }

  @Override
  public CompletableFuture<Void> transferLeadership(String name) {
    return change(group -> group.transferLeadership(name));
  }

  private CompletableFuture<Void> change(Function<RatisGroup, CompletableFuture<Void>> change) {
    Running now = running;
    return now == null
        ? CompletableFuture.failedFuture(new NotLeader("the log is not running"))
        : change.apply(now.group());
  }

  @Override
  public Store.Subscription onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /// Whether a member answers this node, where it leads.
  boolean hears(String member) {
    Running now = running;
    return now != null && ask(false, division -> now.group().hears(division, member));
  }

  // --- the end ---

  /// Returns when this node's part of the group is closed: another member leads, a snapshot is
  /// taken and the files are let go of. The server's network threads end two seconds later, on
  /// their own.
  @Override
  public void close() {
    closing = true;
    Running ending = running;
    if (ending == null) {
      return;
    }
    running = null;
    ending.watch().close();
    handOver(ending);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("log-close").start(() -> close(ending, closed));
    try {
      closed.get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("event=log-close-failed cause=\"{}\"", String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// So that the others need not find out first that this node is gone.
  private static void handOver(Running ending) {
    try {
      ending.group().handOver().get(HAND_OVER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("event=not-handed-over cause=\"{}\"", String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Running ending, CompletableFuture<Void> closed) {
    try (RaftServer _ = ending.server()) {
      try (DirectoryLock _ = ending.lock()) {
        ending.group().division().close();
      }
      closed.complete(null);
    } catch (IOException | RuntimeException e) {
      closed.completeExceptionally(e);
    }
  }
}

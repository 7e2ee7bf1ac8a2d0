package io.heddle.ovsdb.host;

import io.heddle.core.model.HostId;
import io.heddle.ovsdb.report.HostEvents;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.rpc.LogPace;
import io.heddle.ovsdb.rpc.RpcSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All hosts connected to this node, one session for each system-id.
///
/// Give [#session] to an `OvsdbListener` or `OvsdbDialer`; hosts then come in by themselves. A host
/// is only read until it is claimed ([#claimAll], [#claim]); a claim onboards it and keeps it so.
/// Any thread may call.
public final class OvsdbHosts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OvsdbHosts.class);

  /// How long a host's first connection may take to show that it lives, when a second one claims to
  /// be it.
  private static final Duration ALIVE_WITHIN = Duration.ofSeconds(2);

  private final HostSettings settings;
  private final HostEvents events;
  private final ConcurrentMap<HostId, HostSession> sessions = new ConcurrentHashMap<>();
  private final LogPace duplicates = new LogPace(InstantSource.system(), 3, Duration.ofMinutes(1));
  private final LogPace strangers = new LogPace(InstantSource.system(), 5, Duration.ofSeconds(10));
  private volatile OptionalLong epochForAll = OptionalLong.empty();

  public OvsdbHosts(HostSettings settings, HostEvents events) {
    this.settings = settings;
    this.events = events;
  }

  /// The owner of a new connection.
  public RpcSession.Peer session(RpcSession connection) {
    return new HostSession(connection, settings, this);
  }

  /// Claims every host that is connected, and every one that connects from now on.
  public void claimAll(long epoch) {
    epochForAll = OptionalLong.of(epoch);
    sessions
        .values()
        .forEach(session -> {
          var _ = session.claim(epoch);
        });
  }

  /// Writes to no host from now on, until it is claimed again.
  public void standDownAll() {
    epochForAll = OptionalLong.empty();
    sessions.values().forEach(HostSession::standDown);
  }

  /// Claims one host: its bridge carries the epoch, and settings of ours, when the future says so.
  public CompletableFuture<ClaimOutcome> claim(HostId host, long epoch) {
    HostSession session = sessions.get(host);
    return session == null
        ? CompletableFuture.completedFuture(
            new ClaimOutcome.Lost("host %s is not connected".formatted(host)))
        : session.claim(epoch);
  }

  /// Writes to the host no more, until it is claimed again.
  public void standDown(HostId host) {
    Optional.ofNullable(sessions.get(host)).ifPresent(HostSession::standDown);
  }

  /// The hosts connected now.
  public Set<HostId> connected() {
    return Set.copyOf(sessions.keySet());
  }

  /// The last report of a host that is connected.
  public Optional<HostReport> report(HostId host) {
    return Optional.ofNullable(sessions.get(host)).flatMap(HostSession::lastReport);
  }

  /// Ends the session with one host; it will come back by itself.
  public void disconnect(HostId host, String reason) {
    Optional.ofNullable(sessions.get(host)).ifPresent(session -> session.close(reason));
  }

  /// Ends all sessions. The hosts stay as they are.
  @Override
  public void close() {
    List.copyOf(sessions.values()).forEach(session -> session.close("this node is stopping"));
  }

  HostEvents events() {
    return events;
  }

  OptionalLong epochForAll() {
    return epochForAll;
  }

  /// Lets a session in that has read its host's id, on the session's thread; or sends it away when
  /// another one with that id is alive.
  void admit(HostSession fresh, HostId id) {
    if (fresh.ended()) {
      return;
    }
    HostSession first = sessions.putIfAbsent(id, fresh);
    if (first == null) {
      fresh.admitted();
      return;
    }
    var _ =
        first
            .alive(ALIVE_WITHIN)
            .thenAccept(alive ->
                fresh.onLoop(() -> {
                  if (alive) {
                    refuse(id, first, fresh);
                  } else {
                    admit(fresh, id);
                  }
                }));
  }

  private void refuse(HostId id, HostSession first, HostSession second) {
    if (duplicates.permits()) {
      LOG.warn(
          "two hosts with one system-id, the second is refused host={} first={} second={} alsoRefused={}",
          id,
          first.remote(),
          second.remote(),
          duplicates.held());
    }
    events.duplicate(id, first.remote(), second.remote());
    second.close("host %s is connected from %s already".formatted(id, first.remote()));
  }

  /// Logs what is wrong with a peer that never became a host; many of them cost a few lines.
  void stranger(String remote, String problem) {
    if (strangers.permits()) {
      LOG.warn("no host remote={} problem={} alsoHeldBack={}", remote, problem, strangers.held());
    }
  }

  /// Forgets a session that ended.
  void leave(HostSession session, HostId id) {
    sessions.remove(id, session);
  }
}

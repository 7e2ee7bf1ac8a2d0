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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All hosts connected to this node, one session for each system-id.
///
/// Give [#session] to an `OvsdbListener` or `OvsdbDialer`; hosts then come in by themselves. Every
/// host is read; one that the policy lets this node rule is onboarded, and kept so. The policy may
/// change at any time: say [#reclaim] when it did. Any thread may call.
public final class OvsdbHosts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OvsdbHosts.class);

  /// How long a host's first connection may take to show that it lives, when a second one claims to
  /// be it.
  private static final Duration ALIVE_WITHIN = Duration.ofSeconds(2);

  private final HostSettings settings;
  private final HostClaimPolicy policy;
  private final HostEvents events;
  private final ConcurrentMap<HostId, HostSession> sessions = new ConcurrentHashMap<>();
  private final Spares spares = new Spares();
  private final LogPace duplicates = new LogPace(InstantSource.system(), 3, Duration.ofMinutes(1));
  private final LogPace strangers = new LogPace(InstantSource.system(), 5, Duration.ofSeconds(10));

  public OvsdbHosts(HostSettings settings, HostClaimPolicy policy, HostEvents events) {
    this.settings = settings;
    this.policy = policy;
    this.events = events;
  }

  /// The owner of a new connection.
  public RpcSession.Peer session(RpcSession connection) {
    return new HostSession(connection, settings, this);
  }

  /// Asks the policy about one host again, if it is connected.
  public void reclaim(HostId host) {
    Optional.ofNullable(sessions.get(host)).ifPresent(HostSession::again);
  }

  /// Asks the policy about every host that is connected.
  public void reclaimAll() {
    sessions.values().forEach(HostSession::again);
  }

  /// What [HostSettings] yield has changed: hosts that this node rules are told.
  public void settingsChanged() {
    reclaimAll();
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

  HostClaimPolicy policy() {
    return policy;
  }

  /// Lets a session in that has read its host's id, on the session's thread; or sends it away when
  /// another one with that id is alive. A second connection of the very same database is kept for
  /// the end of the first: the host would only dial again, and for ever.
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
                  if (!alive) {
                    admit(fresh, id);
                  } else if (!fresh.origin().equals(first.origin())) {
                    refuse(id, first, fresh);
                  } else {
                    keep(id, first, fresh);
                  }
                }));
  }

  private void keep(HostId id, HostSession first, HostSession second) {
    if (second.ended()) {
      return;
    }
    if (!spares.add(id, second)) {
      refuse(id, first, second);
      return;
    }
    LOG.info(
        "host is connected twice, the second is kept host={} first={} second={}",
        id,
        first.remote(),
        second.remote());
    if (!first.equals(sessions.get(id))) {
      // It left meanwhile, when there was no other to take its place yet.
      replace(id);
    }
  }

  /// A spare connection takes the place of one that ended.
  void replace(HostId id) {
    spares.take(id).ifPresent(spare -> spare.onLoop(() -> admit(spare, id)));
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
    spares.remove(id, session);
    sessions.remove(id, session);
  }
}

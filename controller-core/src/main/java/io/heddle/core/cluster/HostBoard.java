package io.heddle.core.cluster;

import io.heddle.core.model.HostId;
import io.heddle.core.store.UnreadableException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far every host of the cluster is, as its master says: what a master knows at once, the other
/// nodes hear from it and keep here. Any thread.
///
/// Nothing that a flow depends on rests on it. News of an earlier epoch than what stands is late
/// and ignored; after a restart all is learnt again, since masters repeat everything every second.
public final class HostBoard {

  private static final String SUBJECT = "hosts";
  private static final Logger LOG = LoggerFactory.getLogger(HostBoard.class);

  /// What a master says of one host.
  ///
  /// @param master the node that says so
  /// @param epoch the view under which it is the master
  /// @param connected the host's switch is being programmed
  /// @param realized the last revision that the switch is known to hold whole
  /// @param problem why it is not as it should be, or empty
  /// @param refused what its switch would not take, and what it said, by the text of the row's key
  public record Standing(
      HostId host,
      String master,
      long epoch,
      boolean connected,
      long realized,
      String problem,
      Map<String, String> refused) {
    public Standing {
      refused = Map.copyOf(refused);
    }
  }

  /// A message: news of some hosts, each complete.
  ///
  /// @param run tells a node's process from an earlier one
  /// @param number rises with every message of a run
  private record News(UUID run, long number, List<Standing> hosts) {}

  /// What was said, and in which message.
  private record Told(Standing standing, UUID run, long number) {

    /// Messages of one master may overtake each other.
    boolean isLaterThan(Told old) {
      long epoch = standing.epoch();
      long known = old.standing.epoch();
      return epoch == known ? !run.equals(old.run) || number > old.number : epoch > known;
    }
  }

  private final Peers peers;
  private final UUID run;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<HostId, Told> standings = new ConcurrentHashMap<>();
  private final Map<String, Set<HostId>> refusing = new ConcurrentHashMap<>();
  private final RealizedEverywhere everywhere = new RealizedEverywhere();

  /// @param run a new one for each process
  public HostBoard(Peers peers, UUID run) {
    this.peers = peers;
    this.run = run;
    peers.listen(SUBJECT, this::heard);
  }

  /// This node's own hosts, as they are now; the others are told.
  public void tell(List<Standing> own) {
    if (!own.isEmpty()) {
      News news = new News(run, numbers.incrementAndGet(), own);
      own.forEach(standing -> note(new Told(standing, run, news.number())));
      peers.publish(SUBJECT, ClusterJson.write(news));
    }
  }

  private void heard(String from, byte[] message) {
    try {
      News news = ClusterJson.read(message, News.class);
      for (Standing standing : news.hosts()) {
        if (standing.master().equals(from)) {
          note(new Told(standing, news.run(), news.number()));
        }
      }
    } catch (UnreadableException e) {
      LOG.warn("event=host-news-unreadable from={} cause=\"{}\"", from, e.getMessage());
    }
  }

  private void note(Told told) {
    standings.compute(
        told.standing().host(),
        (host, old) -> {
          if (old != null && !told.isLaterThan(old)) {
            return old;
          }
          count(old == null ? null : old.standing(), told.standing());
          return told;
        });
    everywhere.check();
  }

  /// Called within the map's own lock for the host.
  private void count(@Nullable Standing old, @Nullable Standing fresh) {
    if (fresh != null && fresh.connected()) {
      everywhere.add(fresh.realized());
    }
    if (old != null && old.connected()) {
      everywhere.remove(old.realized());
    }
    if (old != null) {
      old.refused().keySet().forEach(row -> index(row, old.host(), false));
    }
    if (fresh != null) {
      fresh.refused().keySet().forEach(row -> index(row, fresh.host(), true));
    }
  }

  private void index(String row, HostId host, boolean refuses) {
    refusing.compute(
        row,
        (key, hosts) -> {
          Set<HostId> now = hosts == null ? new HashSet<>() : new HashSet<>(hosts);
          if (refuses) {
            now.add(host);
          } else {
            now.remove(host);
          }
          return now.isEmpty() ? null : Set.copyOf(now);
        });
  }

  public Optional<Standing> of(HostId host) {
    return Optional.ofNullable(standings.get(host)).map(Told::standing);
  }

  /// A host whose switch refuses the flows of a row, if there is one.
  ///
  /// @param row the text of its key
  public Optional<HostId> refusing(String row) {
    return refusing.getOrDefault(row, Set.of()).stream().min(HostId::compareTo);
  }

  /// How many hosts are connected.
  public int connected() {
    return everywhere.hosts();
  }

  /// Completes when every connected host has realised the revision. Cancel it when nobody waits any
  /// more.
  public CompletableFuture<Void> awaitRealized(long revision) {
    return everywhere.await(revision);
  }

  /// Every connected host has realised at least this; without hosts, anything.
  public long leastRealized() {
    return everywhere.least();
  }

  /// A host that is none any more.
  public void forget(HostId host) {
    standings.computeIfPresent(
        host,
        (id, old) -> {
          count(old.standing(), null);
          return null;
        });
    everywhere.check();
  }
}

package io.heddle.core.cluster;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Image;
import io.heddle.core.store.Owner;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.core.store.UnreadableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends this node's heartbeat, hears those of the others, and, where this node leads, has the view
/// follow them.
///
/// One thread, the owner. What others want to know of it is published through a volatile.
public final class Pulse implements AutoCloseable {

  /// A node is missed after four of them.
  public static final Duration PERIOD = Duration.ofMillis(250);

  /// A node that may have missed what was decided longer ago takes nothing upon itself.
  public static final Duration CONTACT_WITHIN = Duration.ofSeconds(2);

  static final String SUBJECT = "heartbeat";

  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  /// What this node can tell of itself. Called on the owner's thread; must not block.
  public interface Senses {

    /// How long ago, at most, this node certainly led the log in that term: a majority of the log's
    /// group has answered what it was asked then. A day or more where that never was.
    Duration sinceConfirmed(long term);

    SortedMap<HostId, Reach> reach();

    /// The nodes of the log's group.
    Set<String> group();
  }

  /// What it works with.
  ///
  /// @param nanoTime a clock that never jumps
  public record Surroundings(
      Store store, Peers peers, Owner owner, LongSupplier nanoTime, Senses senses) {}

  private final Surroundings surroundings;
  private final Store store;
  private final Peers peers;
  private final ViewKeeper keeper = new ViewKeeper(ViewKeeper.Patience.DEFAULT);
  private final Contact contact;
  private volatile boolean closed;
  private volatile Map<String, Heartbeat> living = Map.of();

  // The owner's own.
  private long leadingTerm;
  private long leadingSince;
  private long lastBeat;
  private boolean revising;
  private final Set<String> foreigners = new HashSet<>();

  public Pulse(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.store = surroundings.store();
    this.peers = surroundings.peers();
    this.contact = new Contact(peers.self());
  }

  public void start() {
    peers.listen(SUBJECT, (from, message) -> surroundings.owner().run(() -> heard(from, message)));
    surroundings.owner().run(this::beat);
  }

  private void heard(String from, byte[] message) {
    try {
      Heartbeat heartbeat = ClusterJson.read(message, Heartbeat.class);
      if (heartbeat.isForeignTo(cluster(store.image()))) {
        warnOfForeigner(heartbeat);
      } else if (heartbeat.node().equals(from)) {
        keeper.heard(heartbeat, now());
        contact.heard(heartbeat, now());
      }
    } catch (UnreadableException e) {
      LOG.warn("event=heartbeat-unreadable from={} cause=\"{}\"", from, e.getMessage());
    }
  }

  private void beat() {
    if (closed) {
      return;
    }
    surroundings.owner().runAfter(PERIOD, this::beat);
    noteStandstill();
    Image image = store.image();
    Heartbeat ours =
        new Heartbeat(
            peers.self(),
            cluster(image),
            now(),
            inContact(),
            image.revision(),
            lead(),
            surroundings.senses().reach());
    peers.publish(SUBJECT, ClusterJson.write(ours));
    keeper.heard(ours, now());
    noteLiving();
    lead(image);
  }

  private Heartbeat.@Nullable Lead lead() {
    Store.Status status = store.status();
    return status.leading()
        ? new Heartbeat.Lead(
            surroundings.senses().sinceConfirmed(status.term()).toNanos(), keeper.spoken())
        : null;
  }

  private static @Nullable UUID cluster(Image image) {
    return image.find(Cluster.ID).map(Cluster::clusterId).orElse(null);
  }

  private void warnOfForeigner(Heartbeat heartbeat) {
    if (foreigners.add(heartbeat.node())) {
      LOG.error(
          "event=foreign-node node={} cluster={} it belongs to another cluster of the same name and"
              + " is not heard; give it another --cluster, or remove its data to let it join",
          heartbeat.node(),
          heartbeat.cluster());
    }
  }

  /// A process that was stopped has heard nobody meanwhile, which is nobody else's fault.
  private void noteStandstill() {
    long now = now();
    if (now - lastBeat > ViewKeeper.Patience.DEFAULT.silence().toNanos()) {
      leadingSince = now;
    }
    lastBeat = now;
  }

  private void noteLiving() {
    Map<String, Heartbeat> heard = new HashMap<>();
    for (String node : surroundings.senses().group()) {
      keeper.heartbeat(node, now()).ifPresent(beat -> heard.put(node, beat));
    }
    living = Map.copyOf(heard);
  }

  private void lead(Image image) {
    Store.Status status = store.status();
    if (!status.leading()) {
      leadingTerm = 0;
      return;
    }
    if (status.term() != leadingTerm) {
      leadingTerm = status.term();
      leadingSince = now();
    }
    Optional<ClusterView> view = image.find(ClusterView.ID);
    if (revising || view.isEmpty()) {
      return;
    }
    keeper
        .revise(view.get(), surroundings.senses().group(), leadingSince, now())
        .ifPresent(next -> commit(view.get(), next));
  }

  private void commit(ClusterView standing, ClusterView next) {
    LOG.info(
        "event=view-revised epoch={} members={} exceptions={} before={}",
        standing.epoch() + 1,
        next.members(),
        next.exceptions().size(),
        standing.members());
    revising = true;
    String author = "node:" + peers.self();
    var _ =
        store
            .submit(Submission.of(new ReviseView(next), author, "revise the view"))
            .whenComplete((outcome, failed) -> surroundings.owner().run(() -> revising = false));
  }

  /// Whether this node may take something upon itself. Any thread.
  public boolean inContact() {
    return sinceContact().compareTo(CONTACT_WITHIN) <= 0;
  }

  /// How long ago, at most, this node knew everything that the cluster had decided. Any thread.
  public Duration sinceContact() {
    Store.Status status = store.status();
    return status.leading()
        ? surroundings.senses().sinceConfirmed(status.term())
        : contact.since(store.image().revision(), now());
  }

  /// The last heartbeats of the nodes that live, by name. Any thread.
  public Map<String, Heartbeat> living() {
    return living;
  }

  private long now() {
    return surroundings.nanoTime().getAsLong();
  }

  @Override
  public void close() {
    closed = true;
  }
}

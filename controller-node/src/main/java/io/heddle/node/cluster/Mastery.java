package io.heddle.node.cluster;

import io.heddle.core.cluster.Claim;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Change;
import io.heddle.core.store.Image;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which hosts this node is master of, as the newest view says, and only while this node hears from
/// a quorum: without that it takes no new host, and leaves those it has as they are.
///
/// Told of views on the store's thread and of contact on a timer's; asked on any. The effects must
/// not block.
public final class Mastery {

  private static final Logger LOG = LoggerFactory.getLogger(Mastery.class);

  /// What follows from it.
  public interface Effects {

    /// These hosts, and no others, are this node's to program from now on.
    void masters(Set<HostId> mine);

    /// Every claim is to be made again: there is a later epoch.
    void reclaimAll();

    /// What may be said to one host has changed.
    void reclaim(HostId host);

    /// Whether this node may change anything in a switch.
    void contact(boolean has);
  }

  private final String node;
  private final Effects effects;
  private final Set<HostId> recorded = ConcurrentHashMap.newKeySet();

  /// Hosts whose databases are connected, recorded or not.
  private final Set<HostId> present = ConcurrentHashMap.newKeySet();

  private volatile ClusterView view = new ClusterView(0, List.of());
  private volatile boolean inContact = true;
  private Set<HostId> mine = Set.of();

  public Mastery(String node, Effects effects) {
    this.node = node;
    this.effects = effects;
  }

  /// What this node may say to a host now.
  public Claim claim(HostId host) {
    ClusterView standing = view;
    return standing.epoch() == 0 ? new Claim.Hold() : Claim.of(node, host, standing, inContact);
  }

  /// The node that is a host's master, as the newest view here says.
  public Optional<String> masterOf(HostId host) {
    return view.masterOf(host);
  }

  public boolean isMine(HostId host) {
    return masterOf(host).filter(node::equals).isPresent();
  }

  /// The epoch of the newest view here.
  public long epoch() {
    return view.epoch();
  }

  public boolean inContact() {
    return inContact;
  }

  /// A revision was applied.
  public void applied(Image.Applied applied) {
    boolean hostsChanged = false;
    boolean viewChanged = false;
    for (Change change : applied.delta().changes()) {
      switch (change.key()) {
        case HostId host when change.after() == null -> hostsChanged |= recorded.remove(host);
        case HostId host -> hostsChanged |= recorded.add(host);
        case ClusterView.Id id -> viewChanged = true;
        default -> {}
      }
    }
    if (viewChanged) {
      view = applied.image().require(ClusterView.ID);
    }
    if (viewChanged || hostsChanged) {
      settle();
    }
    if (viewChanged) {
      LOG.info(
          "event=view-applied epoch={} members={} exceptions={}",
          view.epoch(),
          view.members(),
          view.exceptions().size());
      effects.reclaimAll();
    }
  }

  /// A host has shown up, perhaps one that nobody knows yet.
  public void seen(HostId host) {
    if (present.add(host)) {
      settle();
      effects.reclaim(host);
    }
  }

  /// A host's database is gone. One that nobody knows is forgotten.
  public void gone(HostId host) {
    if (present.remove(host)) {
      settle();
    }
  }

  /// Told again and again whether this node hears from a quorum.
  public void contact(boolean has) {
    if (has == inContact) {
      return;
    }
    inContact = has;
    LOG.info("event=contact has={} node={}", has, node);
    if (has) {
      settle();
      effects.reclaimAll();
    }
    effects.contact(has);
  }

  /// A switch that another node took from us by an older view is claimed again; that costs nothing
  /// where nothing has changed.
  public void again() {
    if (inContact) {
      effects.reclaimAll();
    }
  }

  private synchronized void settle() {
    if (!inContact) {
      return;
    }
    Set<HostId> now =
        Stream.concat(recorded.stream(), present.stream())
            .filter(this::isMine)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!now.equals(mine)) {
      mine = now;
      effects.masters(Set.copyOf(now));
    }
  }

  /// The hosts that are this node's now.
  public synchronized Set<HostId> mine() {
    return Set.copyOf(mine);
  }
}

package io.heddle.core.cluster;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What the view should be, from the heartbeats that came in. Every node keeps one; the leader's
/// counts. Pure but for its own memory; times are nanoseconds of a clock that never jumps.
///
/// A member that falls silent leaves the view at once, because its hosts have nobody to mend them;
/// one that comes back has to be steady first. Likewise for how members reach a host: where the
/// master lost it and another has it, the host moves soon; where a better master could have it, it
/// moves late. So a node that flaps moves hosts once and not at every turn.
final class ViewKeeper {

  /// How patient it is.
  ///
  /// @param silence without a heartbeat for so long, a node is taken to be gone
  /// @param steady a node must have been heard without a gap for so long before it joins
  /// @param lost how long the master must be without a host that another member reaches
  /// @param found how long a member must reach a host again before the host may move to it
  record Patience(Duration silence, Duration steady, Duration lost, Duration found) {
    static final Patience DEFAULT =
        new Patience(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(3));
  }

  private final Patience patience;
  private final Map<String, Sign> signs = new HashMap<>();
  private final Map<HostId, Wish> wishes = new HashMap<>();

  /// A node's last sign of life.
  ///
  /// @param since the beginning of the time during which no gap was longer than the silence allowed
  private record Sign(Heartbeat last, long at, long since) {}

  /// Other exceptions than the view has for a host, and since when they should be so.
  private record Wish(Set<String> exceptions, long since) {}

  ViewKeeper(Patience patience) {
    this.patience = patience;
  }

  void heard(Heartbeat heartbeat, long now) {
    signs.merge(
        heartbeat.node(),
        new Sign(heartbeat, now, now),
        (before, fresh) -> {
          boolean unbroken = now - before.at() <= patience.silence().toNanos();
          return unbroken ? new Sign(heartbeat, now, before.since()) : fresh;
        });
  }

  /// The last heartbeat of a node, while it counts.
  Optional<Heartbeat> heartbeat(String node, long now) {
    return Optional.ofNullable(signs.get(node))
        .filter(sign -> now - sign.at() <= patience.silence().toNanos())
        .map(Sign::last);
  }

  /// The view that should come after the one that stands, under the same epoch; nothing while it is
  /// right as it is, or may be right again soon.
  ///
  /// @param eligible the nodes that may be members: those of the log's group
  /// @param leadingSince when this node began to lead: nobody is called silent before it had a
  ///   chance to be heard
  Optional<ClusterView> revise(
      ClusterView view, Set<String> eligible, long leadingSince, long now) {
    List<String> members =
        eligible.stream()
            .filter(node -> isWanted(node, view.members().contains(node), leadingSince, now))
            .sorted()
            .toList();
    SortedMap<HostId, Set<String>> exceptions = exceptions(view, members, now);
    ClusterView next = new ClusterView(view.epoch(), members, exceptions);
    return members.isEmpty() || next.equals(view) ? Optional.empty() : Optional.of(next);
  }

  private boolean isWanted(String node, boolean isMember, long leadingSince, long now) {
    Sign sign = signs.get(node);
    if (isMember) {
      long heard = sign == null ? leadingSince : Math.max(sign.at(), leadingSince);
      boolean silent = now - heard > patience.silence().toNanos();
      return !silent && (sign == null || sign.last().inContact());
    }
    return sign != null
        && sign.last().inContact()
        && now - sign.at() <= patience.silence().toNanos()
        && now - sign.since() >= patience.steady().toNanos();
  }

  private SortedMap<HostId, Set<String>> exceptions(
      ClusterView view, List<String> members, long now) {
    Set<HostId> hosts = new TreeSet<>(view.exceptions().keySet());
    for (String member : members) {
      heartbeat(member, now).ifPresent(beat -> hosts.addAll(beat.reach().keySet()));
    }
    wishes.keySet().retainAll(hosts);
    ClusterView among = view.with(members);
    SortedMap<HostId, Set<String>> exceptions = new TreeMap<>();
    for (HostId host : hosts) {
      Set<String> decided = decided(host, among, wanted(host, among, now), now);
      if (!decided.isEmpty()) {
        exceptions.put(host, decided);
      }
    }
    return exceptions;
  }

  /// The members that reach the host worse than the best one. Where nobody reaches it, or somebody
  /// has not been heard yet, nothing is known that could be better than what stands.
  private Set<String> wanted(HostId host, ClusterView view, long now) {
    Map<String, Reach> reach = new HashMap<>();
    Set<String> standing = standing(host, view);
    for (String member : view.members()) {
      Optional<Heartbeat> beat = heartbeat(member, now);
      if (beat.isEmpty()) {
        return standing;
      }
      reach.put(member, beat.get().reach(host));
    }
    Reach best = reach.values().stream().max(Reach::compareTo).orElse(Reach.NOTHING);
    return best == Reach.NOTHING
        ? standing
        : view.members().stream()
            .filter(member -> reach.getOrDefault(member, Reach.NOTHING).compareTo(best) < 0)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> standing(HostId host, ClusterView view) {
    return view.exceptions().getOrDefault(host, Set.of()).stream()
        .filter(view.members()::contains)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Set<String> decided(HostId host, ClusterView view, Set<String> wanted, long now) {
    Set<String> standing = standing(host, view);
    if (wanted.equals(standing)) {
      wishes.remove(host);
      return standing;
    }
    Wish wish = wishes.get(host);
    if (wish == null || !wish.exceptions().equals(wanted)) {
      wish = new Wish(wanted, now);
      wishes.put(host, wish);
    }
    boolean masterLostIt = view.masterOf(host).filter(wanted::contains).isPresent();
    Duration wait = masterLostIt ? patience.lost() : patience.found();
    if (now - wish.since() < wait.toNanos()) {
      return standing;
    }
    wishes.remove(host);
    return wanted;
  }
}

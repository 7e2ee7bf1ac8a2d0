package io.heddle.core.cluster;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the view should be, from the heartbeats that came in. Every node keeps one; the leader's
/// counts. Pure but for its own memory; times are nanoseconds of a clock that never jumps.
///
/// A member that falls silent, or out of contact, leaves the view at once, because its hosts have
/// nobody to mend them; one that comes back has to be steady first. Likewise for how members reach
/// a host: where the master lost it and another has it, the host moves soon; where a better master
/// could have it, it moves late. So a node that flaps moves hosts once and not at every turn.
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
  private final Map<String, Span> sound = new HashMap<>();
  private final Map<HostId, Wish> wishes = new HashMap<>();

  /// A node's last sign of life.
  private record Sign(Heartbeat last, long at) {}

  /// The time up to `at` during which a node was heard, and in contact, without a gap longer than
  /// the silence allowed.
  private record Span(long since, long at) {}

  /// Other exceptions than the view has for a host, and since when they should be so.
  ///
  /// @param lostBy the master, if it is one of them; null otherwise
  private record Wish(Set<String> exceptions, @Nullable String lostBy, long since) {

    /// Whether this is the wish that was there before: a master that lost its host is to lose it
    /// whatever becomes of the others meanwhile.
    boolean goesOnFrom(Wish before) {
      return exceptions.equals(before.exceptions())
          || (lostBy != null && lostBy.equals(before.lostBy()));
    }
  }

  ViewKeeper(Patience patience) {
    this.patience = patience;
  }

  void heard(Heartbeat heartbeat, long now) {
    signs.put(heartbeat.node(), new Sign(heartbeat, now));
    if (heartbeat.inContact()) {
      sound.merge(
          heartbeat.node(),
          new Span(now, now),
          (before, fresh) -> isOver(before.at(), now) ? fresh : new Span(before.since(), now));
    }
  }

  private boolean isOver(long heard, long now) {
    return now - heard > patience.silence().toNanos();
  }

  /// The last heartbeat of a node, while it counts.
  Optional<Heartbeat> heartbeat(String node, long now) {
    return Optional.ofNullable(signs.get(node))
        .filter(sign -> !isOver(sign.at(), now))
        .map(Sign::last);
  }

  /// When each node last spoke, by its own clock.
  Map<String, Long> spoken() {
    Map<String, Long> spoken = new HashMap<>();
    signs.forEach((node, sign) -> spoken.put(node, sign.last().sentAt()));
    return spoken;
  }

  /// The view that should come after the one that stands, under the same epoch; nothing while it is
  /// right as it is, or may be right again soon.
  ///
  /// @param eligible the nodes that may be members: those of the log's group
  /// @param leadingSince when this node began to lead, or to listen again: nobody is called silent
  ///   before it had a chance to be heard
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
    Span span = sound.get(node);
    if (isMember) {
      return !isOver(span == null ? leadingSince : Math.max(span.at(), leadingSince), now);
    }
    return span != null
        && !isOver(span.at(), now)
        && now - span.since() >= patience.steady().toNanos();
  }

  private SortedMap<HostId, Set<String>> exceptions(
      ClusterView view, List<String> members, long now) {
    Map<String, Heartbeat> beats = new HashMap<>();
    members.forEach(member -> heartbeat(member, now).ifPresent(beat -> beats.put(member, beat)));
    Set<HostId> hosts = new TreeSet<>(view.exceptions().keySet());
    beats.values().forEach(beat -> hosts.addAll(beat.reach().keySet()));
    wishes.keySet().retainAll(hosts);
    boolean allHeard = beats.size() == members.size();
    SortedMap<HostId, Set<String>> exceptions = new TreeMap<>();
    for (HostId host : hosts) {
      Set<String> worse = worse(host, beats.values());
      Set<String> standing = standing(host, view, members, worse);
      ClusterView among =
          new ClusterView(view.epoch(), members, new TreeMap<>(Map.of(host, standing)));
      boolean known = allHeard && beats.values().stream().anyMatch(beat -> reaches(beat, host));
      Set<String> decided = decided(host, among, known ? worse : standing, now);
      if (!decided.isEmpty()) {
        exceptions.put(host, decided);
      }
    }
    return exceptions;
  }

  private static boolean reaches(Heartbeat beat, HostId host) {
    return beat.reach(host) != Reach.NOTHING;
  }

  /// Those that reach the host worse than the best one.
  private static Set<String> worse(HostId host, Collection<Heartbeat> beats) {
    Reach best =
        beats.stream().map(beat -> beat.reach(host)).max(Reach::compareTo).orElse(Reach.NOTHING);
    return beats.stream()
        .filter(beat -> beat.reach(host).compareTo(best) < 0)
        .map(Heartbeat::node)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The exceptions as they are. A newcomer that reaches the host worse than another is one from
  /// the beginning, before it gets what it can't keep.
  private static Set<String> standing(
      HostId host, ClusterView view, List<String> members, Set<String> worse) {
    Set<String> before = view.exceptions().getOrDefault(host, Set.of());
    return members.stream()
        .filter(member ->
            view.members().contains(member) ? before.contains(member) : worse.contains(member))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// @param among the members, and the exceptions that stand for this host
  private Set<String> decided(HostId host, ClusterView among, Set<String> wanted, long now) {
    Set<String> standing = among.exceptions().getOrDefault(host, Set.of());
    if (wanted.equals(standing)) {
      wishes.remove(host);
      return standing;
    }
    String lostBy = among.masterOf(host).filter(wanted::contains).orElse(null);
    Wish before = wishes.get(host);
    Wish wish = new Wish(wanted, lostBy, now);
    if (before != null && wish.goesOnFrom(before)) {
      wish = new Wish(wanted, lostBy, before.since());
    }
    wishes.put(host, wish);
    Duration wait = lostBy == null ? patience.found() : patience.lost();
    return now - wish.since() < wait.toNanos() ? standing : wanted;
  }
}

package io.heddle.core.simulation;

import io.heddle.core.cluster.Pulse;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Leadership;
import io.heddle.core.model.Project;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What really happened, as nobody in the cluster sees it: the one order of batches, who was
/// elected, which views there were. Whatever a node or a switch does is held against it at once.
final class Truth {

  /// How long a node may act on a view that has been replaced: what it knows may be two seconds
  /// old, and a view counts here from when it is applied somewhere first, not from when it is
  /// committed.
  private static final long STALE_FOR =
      Pulse.CONTACT_WITHIN.toNanos() + TimeUnit.MILLISECONDS.toNanos(100);

  private record ViewAt(ClusterView view, long since) {}

  /// What a switch was told since it was restarted last.
  private static final class Mastered {
    private long epoch;
    private int node = -1;
  }

  private final Timeline timeline;
  private final Journal journal;
  private final List<RaftDisk.Entry> log = new ArrayList<>();
  private final Map<Long, Integer> leaders = new HashMap<>();
  private final List<Batch> batches = new ArrayList<>();
  private final List<Image> images = new ArrayList<>(List.of(Image.EMPTY));
  private final List<ViewAt> views = new ArrayList<>();
  private final Map<String, Long> revisions = new HashMap<>();
  private final Map<String, List<Long>> writes = new HashMap<>();
  private final Set<String> neverHappened = new HashSet<>();
  private final Map<Integer, Mastered> mastered = new HashMap<>();

  Truth(Timeline timeline, Journal journal) {
    this.timeline = timeline;
    this.journal = journal;
  }

  // --- the log ---

  void elected(long term, int node) {
    journal.note("%s leads the log in term %d", World.nodeName(node), term);
    journal.saw(Sight.ELECTED);
    Integer other = leaders.putIfAbsent(term, node);
    if (other != null && other != node) {
      journal.violation(
          "two leaders of term %d: %s and %s", term, World.nodeName(other), World.nodeName(node));
    }
  }

  /// A node was handed this entry as committed.
  void committed(long index, RaftDisk.Entry entry) {
    if (index == log.size() + 1) {
      log.add(entry);
    } else if (index > log.size()) {
      journal.violation("entry %d is committed, and nobody was handed %d", index, index - 1);
    } else if (log.get(Math.toIntExact(index - 1)) != entry) {
      journal.violation("two entries %d have been committed", index);
    }
  }

  void requireUncommitted(long index, long committed, int node) {
    if (index <= committed) {
      journal.violation("%s takes back entry %d, which is committed", World.nodeName(node), index);
    }
  }

  // --- revisions ---

  long revision() {
    return batches.size();
  }

  /// A store has applied a batch.
  void applied(Batch batch, Image after) {
    long revision = batch.revision();
    if (revision <= batches.size()) {
      Batch first = batches.get(Math.toIntExact(revision - 1));
      if (!first.id().equals(batch.id())) {
        journal.violation("revision %d is made by %s and by %s", revision, first.id(), batch.id());
      }
    } else if (revision > batches.size() + 1) {
      journal.violation("revision %d without %d", revision, revision - 1);
    } else {
      first(batch, after);
    }
  }

  private void first(Batch batch, Image after) {
    Image before = images.getLast();
    batches.add(batch);
    images.add(after);
    batch
        .facts()
        .forEach(fact -> {
          if (fact instanceof Fact.Put(Project project)) {
            HostReports.Report report = HostReports.Report.of(project);
            if (report == null) {
              written(project.id().toString(), project.meta().name(), batch.revision());
            } else {
              reported(report, before);
            }
          }
        });
    Optional<ClusterView> view = after.find(ClusterView.ID);
    if (!view.equals(before.find(ClusterView.ID))) {
      viewChanged(before.find(ClusterView.ID), view.orElseThrow());
    }
    Optional<Leadership> leadership = after.find(Leadership.ID);
    if (!leadership.equals(before.find(Leadership.ID))) {
      ledBy(before.find(Leadership.ID), leadership.orElseThrow(), batch.revision());
    }
  }

  private void written(String key, String value, long revision) {
    Long earlier = revisions.putIfAbsent(value, revision);
    if (earlier != null) {
      journal.violation("%s=%s was applied at %d and at %d", key, value, earlier, revision);
    }
    if (neverHappened.contains(value)) {
      journal.violation("%s=%s is applied at %d, and was said never to be", key, value, revision);
    }
    writes.computeIfAbsent(key, fresh -> new ArrayList<>()).add(revision);
  }

  private void reported(HostReports.Report report, Image before) {
    Optional<String> master =
        before.find(ClusterView.ID).flatMap(view -> view.masterOf(report.host()));
    if (!master.equals(Optional.of(report.by()))) {
      journal.violation("%s is taken, and its master is %s", report, master);
    }
    long known = HostReports.plugged(before, report.host());
    if (report.plugged() < known) {
      journal.violation("%s is taken, and %d was known before", report, known);
    }
  }

  private void viewChanged(Optional<ClusterView> before, ClusterView view) {
    journal.note(
        "epoch %x: members %s exceptions %s", view.epoch(), view.members(), view.exceptions());
    if (before.isPresent() && view.epoch() <= before.get().epoch()) {
      journal.violation("the epoch fell from %x to %x", before.get().epoch(), view.epoch());
    }
    views.add(new ViewAt(view, timeline.now()));
  }

  private void ledBy(Optional<Leadership> before, Leadership leadership, long revision) {
    journal.note("%s opens term %d at revision %d", leadership.node(), leadership.term(), revision);
    if (before.isPresent() && leadership.term() <= before.get().term()) {
      journal.violation("a leadership %s after %s", leadership, before.get());
    }
    Integer elected = leaders.get(leadership.term());
    if (elected == null || !World.nodeName(elected).equals(leadership.node())) {
      journal.violation("%s was never elected", leadership);
    }
  }

  /// A node's image is now this one.
  void has(int node, long before, Image image) {
    long revision = image.revision();
    if (revision < before) {
      journal.violation("%s goes from %d to %d", World.nodeName(node), before, revision);
    }
    if (revision > batches.size()) {
      journal.violation("%s has %d, which nobody made", World.nodeName(node), revision);
      return;
    }
    Image first = images.get(Math.toIntExact(revision));
    if (first != image && !image.since(first).changes().isEmpty()) {
      journal.violation(
          "%s has another revision %d: %s",
          World.nodeName(node), revision, image.since(first).changes());
    }
  }

  /// What the newest image has of a host's plugs.
  long plugged(HostId host) {
    return HostReports.plugged(images.getLast(), host);
  }

  // --- what clients were told ---

  /// The revision that wrote a value, or 0.
  long revisionOf(String value) {
    return revisions.getOrDefault(value, 0L);
  }

  /// Somebody was told that this value was not and will not be written.
  void neverHappens(String value) {
    neverHappened.add(value);
    if (revisions.containsKey(value)) {
      journal.violation(
          "%s was applied at %d, and the client was told otherwise", value, revisions.get(value));
    }
  }

  /// What a register held at some moment while the revisions between these two were the newest.
  boolean held(String key, String value, long from, long to) {
    if (Operation.held(images.get(Math.toIntExact(from)), key).equals(value)) {
      return true;
    }
    long written = revisionOf(value);
    return written > from && written <= to && writes.getOrDefault(key, List.of()).contains(written);
  }

  // --- switches ---

  void switchRestarted(SimulatedSwitch restarted) {
    journal.note("%s restarts", restarted.host());
    mastered.remove(restarted.index());
  }

  /// A switch has made a connection its master.
  void mastered(SimulatedSwitch at, int node, long epoch) {
    journal.note("%s is master of %s with %x", World.nodeName(node), at.host(), epoch);
    Mastered last = mastered.computeIfAbsent(at.index(), fresh -> new Mastered());
    if (epoch > last.epoch) {
      last.epoch = epoch;
      last.node = node;
    }
    long masters =
        at.links().stream().filter(link -> link.role() == SimulatedSwitch.Role.MASTER).count();
    if (masters > 1) {
      journal.violation("%s has %d masters", at.host(), masters);
    }
  }

  /// A switch has done what a connection asked for.
  void obeyed(SimulatedSwitch at, SwitchLink link, long revision, long before) {
    Mastered last = mastered.computeIfAbsent(at.index(), fresh -> new Mastered());
    String name = World.nodeName(link.node());
    if (last.node != -1 && last.node != link.node()) {
      journal.violation(
          "%s obeys %s, though %s is its master since epoch %x",
          at.host(), name, World.nodeName(last.node), last.epoch);
    }
    if (revision < before) {
      journal.violation(
          "%s goes back from %d to %d because of %s", at.host(), before, revision, name);
    }
  }

  /// A node acts as master: the view that it rests on must be the newest, or have been so lately.
  void requireFresh(SwitchLink link, long epoch, String what) {
    HostId host = link.ofSwitch().host();
    String name = World.nodeName(link.node());
    for (ViewAt later : views) {
      if (later.view().epoch() > epoch
          && !later.view().masterOf(host).equals(Optional.of(name))
          && timeline.now() - later.since() > STALE_FOR) {
        journal.violation(
            "%s %s %s by epoch %x, %d ms after epoch %x made another node its master",
            name,
            what,
            host,
            epoch,
            TimeUnit.NANOSECONDS.toMillis(timeline.now() - later.since()),
            later.view().epoch());
        return;
      }
    }
  }

  Optional<ClusterView> view() {
    return views.isEmpty() ? Optional.empty() : Optional.of(views.getLast().view());
  }
}

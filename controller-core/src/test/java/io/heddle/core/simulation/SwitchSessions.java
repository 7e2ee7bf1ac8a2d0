package io.heddle.core.simulation;

import com.fasterxml.jackson.core.type.TypeReference;
import io.heddle.core.cluster.Claim;
import io.heddle.core.cluster.CommandType;
import io.heddle.core.cluster.Reach;
import io.heddle.core.cluster.Relay;
import io.heddle.core.inventory.AdvanceEpoch;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Image;
import io.heddle.core.store.Submission;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// All switches that are connected to one node.
final class SwitchSessions {

  static final CommandType<ClusterView> ADVANCE_EPOCH =
      new CommandType<>("advance-epoch", AdvanceEpoch.class, new TypeReference<ClusterView>() {});

  /// What the sessions of a node know and do.
  record Surroundings(
      World world,
      int node,
      NodeProcess process,
      Supplier<Image> image,
      BooleanSupplier inContact,
      Relay relay) {}

  private final Surroundings with;
  private final Chance chance;
  private final SortedMap<Integer, SwitchSession> sessions = new TreeMap<>();
  private final HostReports reports;
  private boolean hadContact;

  SwitchSessions(Surroundings with, Chance chance) {
    this.with = with;
    this.reports = new HostReports(with);
    this.chance = chance;
  }

  void start() {
    tick();
  }

  private void tick() {
    with.process().after(chance.millis(80, 120), this::tick);
    boolean has = with.inContact().getAsBoolean();
    if (has != hadContact) {
      hadContact = has;
      if (!has) {
        with.world().journal().saw(Sight.CONTACT_LOST);
      }
      with.world().journal().note("%s contact=%s", World.nodeName(with.node()), has);
      reclaimAll();
    }
  }

  private void reclaimAll() {
    List.copyOf(sessions.values()).forEach(SwitchSession::reclaim);
    List.copyOf(sessions.values()).forEach(SwitchSession::program);
    List.copyOf(sessions.values()).forEach(this::report);
  }

  /// Whether this node may report of a host may have changed.
  void report(SwitchSession session) {
    reports.isMine(session.link().ofSwitch().host(), session.isMaster());
  }

  void plugged(SwitchLink link, long count) {
    reports.heard(link.ofSwitch().host(), count);
  }

  /// A revision was applied: told by the store's owner, heard a little later by the sessions.
  void applied(Image.Applied applied) {
    with.process().after(chance.micros(1, 500), this::reclaimAll);
  }

  /// A switch has connected.
  void accept(SwitchLink link) {
    SwitchSession session = new SwitchSession(this, link);
    if (!link.accepted(session)) {
      return;
    }
    SwitchSession former = sessions.put(link.ofSwitch().index(), session);
    if (former != null) {
      former.link().closeAtNode();
    }
    session.reclaim();
  }

  void ended(SwitchSession session) {
    if (sessions.remove(session.link().ofSwitch().index(), session)) {
      reports.lost(session.link().ofSwitch().host());
    }
  }

  List<SwitchLink> links() {
    return sessions.values().stream().map(SwitchSession::link).toList();
  }

  SortedMap<HostId, Reach> reach() {
    SortedMap<HostId, Reach> reach = new TreeMap<>();
    sessions.values().forEach(session -> reach.put(session.link().ofSwitch().host(), Reach.BOTH));
    return reach;
  }

  Claim claim(HostId host) {
    Optional<ClusterView> view = with.image().get().find(ClusterView.ID);
    return view.isEmpty()
        ? new Claim.Hold()
        : Claim.of(World.nodeName(with.node()), host, view.get(), with.inContact().getAsBoolean());
  }

  long revision() {
    return with.image().get().revision();
  }

  boolean has(Mutation mutation) {
    return with.world().has(mutation);
  }

  void requireFresh(SwitchLink link, long epoch, String what) {
    with.world().truth().requireFresh(link, epoch, what);
  }

  void stale(SwitchLink link, long seen) {
    with.world()
        .journal()
        .note(
            "%s is stale at %s, which has seen %x",
            World.nodeName(with.node()), link.ofSwitch().host(), seen);
    var _ =
        with.relay()
            .submit(
                Submission.of(
                    new AdvanceEpoch(seen), "host:" + link.ofSwitch().host(), "advance the epoch"));
  }
}

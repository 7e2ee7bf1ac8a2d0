package io.heddle.core.simulation;

import com.fasterxml.jackson.core.type.TypeReference;
import io.heddle.core.cluster.CommandType;
import io.heddle.core.cluster.Pulse;
import io.heddle.core.cluster.Reach;
import io.heddle.core.cluster.Relay;
import io.heddle.core.cluster.ReportMember;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.store.Image;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A node of the cluster: a disk, and a process that comes and goes.
final class SimulatedNode {

  private static final Instant BIG_BANG = Instant.parse("2026-01-01T00:00:00Z");

  private static final CommandType<Member> REPORT_MEMBER =
      new CommandType<>("report-member", ReportMember.class, new TypeReference<Member>() {});

  /// What a process consists of.
  record Running(
      NodeProcess process,
      StepOwner owner,
      SimulatedLog log,
      Store store,
      SimulatedPeers peers,
      Pulse pulse,
      Relay relay,
      Requests requests,
      SwitchSessions sessions) {}

  private final World world;
  private final int index;
  private final Chance chance;
  private final NodeDisk disk;
  private @Nullable Running running;
  private long lastSeen;

  SimulatedNode(World world, int index, Chance chance) {
    this.world = world;
    this.index = index;
    this.chance = chance;
    this.disk = NodeDisk.blank(world.truth());
  }

  int index() {
    return index;
  }

  String name() {
    return World.nodeName(index);
  }

  @Nullable Running runningOrNull() {
    return running;
  }

  Optional<Running> running() {
    return Optional.ofNullable(running);
  }

  void start() {
    if (running != null) {
      return;
    }
    NodeProcess process = new NodeProcess(world.timeline(), chance.fork());
    StepOwner owner = new StepOwner(process, world.timeline(), chance.fork());
    SimulatedLog log =
        new SimulatedLog(
            new RaftServer.Surroundings(
                index, world.nodes().size(), world, process, disk.raft(), this::send),
            owner,
            world.settings().log(),
            chance.fork());
    Chance ids = chance.fork();
    Store store =
        new Store(
            log,
            disk.history(),
            new Store.Environment(
                name(),
                () -> BIG_BANG.plusNanos(world.timeline().now()),
                ids.generator(),
                ids::uuid,
                owner,
                cause -> world.journal().violation("%s stopped itself: %s", name(), cause)));
    SimulatedPeers peers = new SimulatedPeers(world, index, process, chance.fork());
    Relay relay =
        new Relay(
            store,
            peers,
            () -> log.raft().leader().map(World::nodeName),
            List.of(Operation.Write.TYPE, REPORT_MEMBER, SwitchSessions.ADVANCE_EPOCH));
    Pulse pulse =
        new Pulse(
            new Pulse.Surroundings(
                store,
                peers,
                new StepOwner(process, world.timeline(), chance.fork()),
                world.timeline()::now,
                new Senses()));
    SwitchSessions sessions =
        new SwitchSessions(
            new SwitchSessions.Surroundings(
                world, index, process, store::image, pulse::inContact, relay),
            chance.fork());
    Requests requests = new Requests(world, process, store, peers);
    running = new Running(process, owner, log, store, peers, pulse, relay, requests, sessions);
    begin(running);
  }

  private void begin(Running starting) {
    world.journal().note("%s starts", name());
    lastSeen = 0;
    try {
      starting.store().start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    starting
        .store()
        .follow(applied -> {
          applied(applied);
          starting.sessions().applied(applied);
        });
    starting.pulse().start();
    starting.sessions().start();
    chores(starting);
  }

  private void applied(Image.Applied applied) {
    world.truth().has(index, lastSeen, applied.image());
    lastSeen = applied.image().revision();
  }

  /// A node sees to it that the cluster knows where it is found.
  private void chores(Running of) {
    of.process()
        .after(
            chance.millis(800, 1_200),
            () -> {
              chores(of);
              Member self = new Member(new NodeName(name()), "r:1", "c:1", "http://a", "", "");
              if (!of.store().image().find(self.name()).equals(Optional.of(self))) {
                var _ =
                    of.relay()
                        .submit(
                            Submission.of(
                                new ReportMember(self), "node:" + name(), "report this node"));
              }
            });
  }

  private void send(int to, RaftMessage message) {
    Running target = world.node(to).runningOrNull();
    if (target != null) {
      world.network().send(index, to, target.process(), () -> target.log().raft().receive(message));
    }
  }

  private final class Senses implements Pulse.Senses {
    @Override
    public Duration sinceConfirmed(long term) {
      Running now = running;
      return now == null ? RaftServer.NEVER : now.log().raft().sinceConfirmed(term);
    }

    @Override
    public SortedMap<HostId, Reach> reach() {
      Running now = running;
      return now == null ? java.util.Collections.emptySortedMap() : now.sessions().reach();
    }

    @Override
    public Set<String> group() {
      return world.names();
    }
  }

  /// The process ends without a word.
  void kill() {
    Running ending = running;
    if (ending == null) {
      return;
    }
    world.journal().note("%s is killed", name());
    running = null;
    ending.process().kill();
    disk.crash(chance, !world.has(Mutation.DISK_IS_NOT_SYNCED));
    world.switches().forEach(each -> each.linkTo(index).ifPresent(SwitchLink::processEnded));
    world.clients().processEnded(index);
  }

  void freeze() {
    Running now = running;
    if (now != null && now.process().isRunning()) {
      world.journal().note("%s is frozen", name());
      now.process().freeze();
      now.sessions().links().forEach(SwitchLink::doubted);
    }
  }

  void thaw() {
    Running now = running;
    if (now != null && now.process().isFrozen()) {
      world.journal().note("%s goes on", name());
      now.process().thaw();
    }
  }
}

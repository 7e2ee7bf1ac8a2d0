package io.heddle.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// What goes wrong in a run: each seed draws some kinds of misfortune, and has those again and
/// again.
final class Faults {

  /// A kind of misfortune.
  private enum Kind {
    KILL,
    KILL_ALL,
    FREEZE,
    FREEZE_LEADER,
    STALL,
    PART,
    PART_ONE_WAY,
    ISOLATE_LEADER,
    STAND,
    ELECTIONS,
    CUT_SWITCH,
    BREAK_LINK,
    RESTART_SWITCH,
    HEAL
  }

  private final World world;
  private final Chance chance;
  private final List<Kind> kinds = new ArrayList<>();
  private final long pauseMillis;
  private boolean over;

  Faults(World world, Chance chance) {
    this.world = world;
    this.chance = chance;
    for (Kind kind : Kind.values()) {
      if (chance.in(0.5)) {
        kinds.add(kind);
      }
    }
    kinds.add(Kind.HEAL);
    this.pauseMillis = chance.between(150, 2_500);
  }

  void begin() {
    world.journal().note("misfortunes: %s", List.copyOf(kinds));
    next();
  }

  private void next() {
    later(
        chance.millis(20, pauseMillis),
        () -> {
          strike(chance.pick(kinds));
          next();
        });
  }

  /// Unless there is peace by then.
  private void later(long nanos, Runnable action) {
    world
        .timeline()
        .after(
            nanos,
            () -> {
              if (!over) {
                action.run();
              }
            });
  }

  private void strike(Kind kind) {
    SimulatedNode node = chance.pick(world.nodes());
    SimulatedNode leader = world.leader();
    switch (kind) {
      case KILL -> kill(node);
      case KILL_ALL -> world.nodes().forEach(this::kill);
      case FREEZE -> freeze(node);
      case FREEZE_LEADER -> freeze(leader == null ? node : leader);
      case STALL -> stall(leader == null || chance.in(0.3) ? node : leader);
      case PART -> part(some(), true);
      case PART_ONE_WAY -> part(some(), false);
      case ISOLATE_LEADER ->
          part(List.of((leader == null ? node : leader).index()), chance.in(0.6));
      case STAND -> stand(node);
      case ELECTIONS -> elections();
      case CUT_SWITCH -> cutSwitch(node.index());
      case BREAK_LINK -> breakLink();
      case RESTART_SWITCH -> chance.pick(world.switches()).restart(chance.millis(100, 1_000));
      case HEAL -> {
        world.journal().note("all ways are open");
        world.network().healNodes();
        world.network().healSwitches();
      }
    }
  }

  private static void stand(SimulatedNode node) {
    node.running().ifPresent(run -> run.process().after(0, run.log().raft()::stand));
  }

  /// One after the other, while stores lag behind.
  private void elections() {
    long between = chance.between(5, 150);
    world.nodes().stream().filter(node -> chance.in(0.5)).forEach(this::stall);
    long at = 0;
    for (int left = (int) chance.between(2, 8); left > 0; left--) {
      SimulatedNode node = chance.pick(world.nodes());
      later(at, () -> stand(node));
      at += chance.millis(1, between);
    }
  }

  private void kill(SimulatedNode node) {
    node.kill();
    later(chance.millis(300, chance.in(0.2) ? 8_000 : 1_500), node::start);
  }

  private void freeze(SimulatedNode node) {
    node.freeze();
    later(chance.millis(20, chance.in(0.3) ? 8_000 : 2_000), node::thaw);
  }

  private void stall(SimulatedNode node) {
    node.running()
        .ifPresent(run -> {
          long nanos = chance.millis(10, 3_000);
          world
              .journal()
              .note("%s stalls for %d ms", node.name(), TimeUnit.NANOSECONDS.toMillis(nanos));
          run.owner().stall(nanos);
        });
  }

  private List<Integer> some() {
    List<Integer> all = new ArrayList<>(IntStream.range(0, world.nodes().size()).boxed().toList());
    chance.shuffle(all);
    return List.copyOf(all.subList(0, 1 + chance.below(all.size() - 1)));
  }

  private void part(List<Integer> some, boolean both) {
    world.journal().note("nothing passes from %s%s", names(some), both ? " or to them" : "");
    world.network().part(some, both);
    if (chance.in(0.7)) {
      later(
          chance.millis(100, 6_000),
          () -> {
            world.journal().note("nodes reach each other again");
            world.network().healNodes();
          });
    }
  }

  private static List<String> names(List<Integer> nodes) {
    return nodes.stream().map(World::nodeName).toList();
  }

  private void cutSwitch(int node) {
    SimulatedSwitch cut = chance.pick(world.switches());
    world.journal().note("%s and %s are cut off from each other", World.nodeName(node), cut.host());
    world.network().cutSwitch(node, cut.index(), true);
    cut.linkTo(node).ifPresent(SwitchLink::doubted);
    later(chance.millis(100, 12_000), () -> world.network().cutSwitch(node, cut.index(), false));
  }

  private void breakLink() {
    List<SwitchLink> links = chance.pick(world.switches()).links();
    if (!links.isEmpty()) {
      SwitchLink link = chance.pick(links);
      world
          .journal()
          .note(
              "the connection of %s and %s breaks",
              link.ofSwitch().host(), World.nodeName(link.node()));
      link.closeAtSwitch();
    }
  }

  /// Everything is repaired, but for what is to stay as it is: a minority of nodes may be dead, and
  /// a switch out of reach of some.
  void end() {
    over = true;
    world.journal().note("peace");
    world.network().healNodes();
    world.network().healSwitches();
    world.network().becomeKind();
    int dead = chance.in(0.3) ? chance.below((world.nodes().size() + 1) / 2) : 0;
    for (SimulatedNode node : world.nodes()) {
      node.thaw();
      if (node.index() < dead) {
        node.kill();
      } else {
        node.start();
      }
    }
    if (chance.in(0.4)) {
      int node = chance.below(world.nodes().size());
      SimulatedSwitch cut = chance.pick(world.switches());
      world
          .journal()
          .note("%s and %s stay cut off from each other", World.nodeName(node), cut.host());
      world.network().cutSwitch(node, cut.index(), true);
      cut.linkTo(node).ifPresent(SwitchLink::doubted);
    }
  }
}

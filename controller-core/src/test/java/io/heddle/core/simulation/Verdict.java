package io.heddle.core.simulation;

import io.heddle.core.model.ClusterView;
import io.heddle.core.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// Runs a world through its misfortunes and into peace, and says what is wrong with it.
final class Verdict {

  private static final long BEFORE = TimeUnit.SECONDS.toNanos(2);
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(250);

  /// Elections, views, and switches that notice that they are cut off: all of it takes less.
  private static final long SETTLES_WITHIN = TimeUnit.SECONDS.toNanos(25);

  /// Nothing changes for so long, once all is well.
  private static final long QUIET = TimeUnit.SECONDS.toNanos(4);

  /// What a run was like.
  ///
  /// @param digest tells two runs apart
  record Figures(long revision, long events, long digest, Map<Sight, Integer> sights) {}

  private Verdict() {}

  /// @throws AssertionError with everything that happened, if anything did that must not
  static Figures run(World.Settings settings) {
    World world = new World(settings);
    Faults faults = new Faults(world, world.chance().fork());
    world.start();
    boolean sound =
        world.runFor(BEFORE)
            && during(world, faults)
            && settles(world)
            && staysSettled(world)
            && works(world);
    Optional<String> violation = world.journal().violation();
    if (!sound || violation.isPresent()) {
      throw new AssertionError(
          "seed %d (repeat with -Dseed=%d): %s%n%s"
              .formatted(
                  settings.seed(),
                  settings.seed(),
                  violation.orElse("stopped"),
                  world.journal().text()));
    }
    return new Figures(
        world.truth().revision(),
        world.timeline().made(),
        world.journal().digest(),
        world.journal().sights());
  }

  private static boolean during(World world, Faults faults) {
    faults.begin();
    boolean sound = world.runFor(world.chance().millis(3_000, 15_000));
    faults.end();
    return sound;
  }

  /// All is well, and stays so with the same view.
  private static boolean settles(World world) {
    long end = world.timeline().now() + SETTLES_WITHIN;
    long wellSince = world.timeline().now();
    Optional<ClusterView> view = world.truth().view();
    List<String> missing = List.of("anything");
    while (world.timeline().now() < end && world.timeline().now() - wellSince < QUIET) {
      if (!world.runFor(POLL)) {
        return false;
      }
      missing = missing(world);
      if (!missing.isEmpty() || !view.equals(world.truth().view())) {
        wellSince = world.timeline().now();
        view = world.truth().view();
      }
    }
    if (!missing.isEmpty()) {
      world.journal().violation("after 25 s of peace: %s", missing);
    }
    world.journal().note("all is well");
    return missing.isEmpty();
  }

  private static boolean staysSettled(World world) {
    Optional<ClusterView> view = world.truth().view();
    world.clients().stop();
    if (!world.runFor(QUIET)) {
      return false;
    }
    List<String> missing = missing(world);
    if (!missing.isEmpty() || !view.equals(world.truth().view())) {
      world
          .journal()
          .violation("well for some time, and then: %s %s", missing, world.truth().view());
    }
    return world.journal().violation().isEmpty();
  }

  /// A write that has to go through.
  private static boolean works(World world) {
    for (int i = 0; i < 8; i++) {
      var asked = world.clients().ask();
      if (!world.runFor(TimeUnit.SECONDS.toNanos(1))) {
        return false;
      }
      if (asked.isDone() && asked.join() instanceof Ending.Done) {
        return true;
      }
    }
    world.journal().violation("no request is carried out in peace");
    return false;
  }

  /// What is not yet as it should be.
  private static List<String> missing(World world) {
    List<String> missing = new ArrayList<>();
    Set<String> alive = new TreeSet<>();
    int leaders = 0;
    for (SimulatedNode node : world.nodes()) {
      SimulatedNode.Running running = node.runningOrNull();
      if (running != null) {
        alive.add(node.name());
        Store.Status status = running.store().status();
        leaders += status.leading() ? 1 : 0;
        if (world.truth().revision() - status.revision() > 20) {
          missing.add("%s is at %d".formatted(node.name(), status.revision()));
        }
      }
    }
    if (leaders != 1) {
      missing.add("%d nodes lead".formatted(leaders));
    }
    Optional<ClusterView> view = world.truth().view();
    if (view.isEmpty() || !view.get().members().equals(List.copyOf(alive))) {
      missing.add("the view is %s, and alive are %s".formatted(view, alive));
    } else {
      world.switches().forEach(each -> missing(world, each, view.get(), missing));
    }
    return missing;
  }

  private static void missing(
      World world, SimulatedSwitch each, ClusterView view, List<String> missing) {
    List<SwitchLink> links = each.links();
    String due = view.masterOf(each.host()).orElseThrow();
    Optional<SwitchLink> master = each.master();
    if (master.isEmpty() || !World.nodeName(master.get().node()).equals(due)) {
      missing.add(
          "%s has %d connections, %s for master, and should have %s"
              .formatted(
                  each.host(),
                  links.size(),
                  master.map(link -> World.nodeName(link.node())).orElse("none"),
                  due));
    } else if (world.truth().revision() - each.programmed() > 20) {
      missing.add("%s is at %d".formatted(each.host(), each.programmed()));
    }
    long known = world.truth().plugged(each.host());
    if (each.plugged() - known > 10) {
      missing.add(
          "%s has %d plugs, and is known for %d".formatted(each.host(), each.plugged(), known));
    }
    links.stream()
        .filter(link -> world.network().isSwitchCut(link.node(), each.index()))
        .forEach(link -> missing.add("%s has not noticed the cut".formatted(each.host())));
    Set<String> unconnected = new TreeSet<>(view.members());
    links.forEach(link -> unconnected.remove(World.nodeName(link.node())));
    Set<String> exceptions = view.exceptions().getOrDefault(each.host(), Set.of());
    if (!unconnected.equals(exceptions)) {
      missing.add(
          "%s is not connected to %s, and its exceptions are %s"
              .formatted(each.host(), unconnected, exceptions));
    }
  }
}

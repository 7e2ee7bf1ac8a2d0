package io.heddle.core.simulation;

import io.heddle.core.cluster.Relay;
import io.heddle.core.store.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Clients that write, swap and read a few registers at any node, and hold what they are told
/// against what happened: as if all of them stood in one queue (strictly serialisable), which is
/// more than linearisable per key.
final class Clients {

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /// An operation that is under way.
  ///
  /// @param floor the latest revision that anybody had been told of when it began
  private record Open(
      int number, int node, Operation operation, long floor, CompletableFuture<Ending> ended) {
    @Override
    public String toString() {
      return "request %d at %s: %s".formatted(number, World.nodeName(node), operation);
    }
  }

  private final World world;
  private final Chance chance;
  private final List<String> keys;
  private final List<Open> open = new ArrayList<>();
  private final List<String> lastSeen = new ArrayList<>();
  private int numbers;
  private long told;
  private boolean stopped;

  Clients(World world, Chance chance, int keys) {
    this.world = world;
    this.chance = chance;
    this.keys = java.util.stream.IntStream.range(0, keys).mapToObj(i -> "key-" + i).toList();
    this.keys.forEach(key -> lastSeen.add(Operation.NOTHING));
  }

  void start(int clients, long pauseMillis) {
    for (int i = 0; i < clients; i++) {
      pause(pauseMillis);
    }
  }

  private void pause(long pauseMillis) {
    world
        .timeline()
        .after(
            chance.millis(1, pauseMillis),
            () -> {
              if (!stopped) {
                ask().whenComplete((ending, failed) -> pause(pauseMillis));
              }
            });
  }

  void stop() {
    stopped = true;
  }

  /// One more, to see whether the cluster works.
  CompletableFuture<Ending> ask() {
    SimulatedNode node = chance.pick(world.nodes());
    SimulatedNode.Running running = node.runningOrNull();
    if (running == null) {
      return CompletableFuture.completedFuture(new Ending.Nothing("no connection"));
    }
    Open asked =
        new Open(++numbers, node.index(), operation(numbers), told, new CompletableFuture<>());
    open.add(asked);
    running
        .process()
        .after(
            chance.micros(50, 500),
            () ->
                ask(asked, running).whenComplete((ending, failed) -> ended(asked, ending, failed)));
    world
        .timeline()
        .after(
            PATIENCE.toNanos() + 1,
            () -> {
              end(asked, new Ending.Unknown("no patience left"));
            });
    return asked.ended();
  }

  private Operation operation(int number) {
    int index = chance.below(keys.size());
    String key = keys.get(index);
    String value = "v" + number;
    return switch (chance.below(5)) {
      case 0, 1 -> new Operation.Write(key, value);
      case 2, 3 -> new Operation.Swap(key, lastSeen.get(index), value);
      default -> new Operation.Read(key);
    };
  }

  private CompletableFuture<Ending> ask(Open asked, SimulatedNode.Running at) {
    String id = "q" + asked.number();
    boolean leads = at.store().status().leading();
    if (leads && chance.in(0.7)) {
      return at.requests().askHere(id, asked.operation());
    }
    if (asked.operation() instanceof Operation.Write write && chance.in(0.2)) {
      return relay(at.relay(), write);
    }
    return at.requests().ask(id, asked.operation(), PATIENCE);
  }

  private static CompletableFuture<Ending> relay(Relay relay, Operation.Write write) {
    return relay.submit(Submission.of(write, "client", "write")).handle(Requests::ending);
  }

  private void ended(Open asked, Ending ending, Throwable failed) {
    end(asked, failed == null ? ending : new Ending.Unknown(failed.toString()));
  }

  private void end(Open asked, Ending ending) {
    if (asked.ended().isDone()) {
      return;
    }
    open.remove(asked);
    check(asked, ending);
    asked.ended().complete(ending);
  }

  /// Connections to this node break: nobody knows what became of what was under way there.
  void processEnded(int node) {
    List.copyOf(open).stream()
        .filter(asked -> asked.node() == node)
        .forEach(asked -> end(asked, new Ending.Unknown("the node went away")));
  }

  private void check(Open asked, Ending ending) {
    world.journal().note("%s -> %s", asked, ending);
    world.journal().saw(sight(ending));
    Truth truth = world.truth();
    switch (ending) {
      case Ending.Done(String result, long revision) -> {
        done(asked, result, revision);
        told = Math.max(told, revision);
      }
      case Ending.DoneUnanswered(long revision) -> {
        if (!(asked.operation() instanceof Operation.Read)) {
          done(asked, value(asked.operation()), revision);
          told = Math.max(told, revision);
        }
      }
      case Ending.Refused(String held) -> {
        truth.neverHappens(value(asked.operation()));
        if (!truth.held(asked.operation().key(), held, asked.floor(), truth.revision())) {
          world
              .journal()
              .violation(
                  "%s was refused because of %s, which had been replaced before revision %d",
                  asked, held, asked.floor());
        }
        seen(asked.operation().key(), held);
      }
      case Ending.Nothing _ -> {
        if (!(asked.operation() instanceof Operation.Read)) {
          truth.neverHappens(value(asked.operation()));
        }
      }
      case Ending.Unknown _ -> {}
    }
  }

  private static Sight sight(Ending ending) {
    return switch (ending) {
      case Ending.Done _ -> Sight.ANSWERED;
      case Ending.DoneUnanswered _ -> Sight.READ_IN_THE_LOG;
      case Ending.Refused _ -> Sight.REFUSED;
      case Ending.Nothing _ -> Sight.NOTHING_HAPPENED;
      case Ending.Unknown _ -> Sight.UNKNOWN;
    };
  }

  private void done(Open asked, String result, long revision) {
    Truth truth = world.truth();
    String key = asked.operation().key();
    if (revision > truth.revision()) {
      world.journal().violation("%s was told of %d, which is not there", asked, revision);
      return;
    }
    seen(key, result);
    switch (asked.operation()) {
      case Operation.Write _, Operation.Swap _ -> {
        if (truth.revisionOf(result) != revision) {
          world
              .journal()
              .violation("%s was told of %d, and is %d", asked, revision, truth.revisionOf(result));
        } else if (revision <= asked.floor()) {
          world
              .journal()
              .violation("%s got %d, and %d was told before", asked, revision, asked.floor());
        }
      }
      case Operation.Read _ -> {
        if (revision < asked.floor()) {
          world
              .journal()
              .violation(
                  "%s read revision %d, and %d was told before", asked, revision, asked.floor());
        } else if (!truth.held(key, result, Math.max(0, revision - 1), revision)) {
          world.journal().violation("%s read %s at %d, wrongly", asked, result, revision);
        }
      }
    }
  }

  private void seen(String key, String value) {
    lastSeen.set(keys.indexOf(key), value);
  }

  private static String value(Operation operation) {
    return switch (operation) {
      case Operation.Write(String key, String value) -> value;
      case Operation.Swap(String key, String expected, String value) -> value;
      case Operation.Read(String key) -> "";
    };
  }
}

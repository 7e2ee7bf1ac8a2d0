package io.heddle.core.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One run: some nodes, some switches, some clients, and what lies between them.
final class World {

  /// @param nodes three or five
  record Settings(
      long seed,
      int nodes,
      int switches,
      SimulatedLog.Temper log,
      Network.Temper network,
      @Nullable Mutation mutation) {

    static Settings of(long seed) {
      Chance chance = Chance.of(seed);
      return new Settings(
          seed,
          chance.in(0.7) ? 3 : 5,
          (int) chance.between(2, 4),
          new SimulatedLog.Temper(
              chance.in(0.3) ? 0 : 0.2 * chance.below(100) / 100,
              chance.in(0.5) ? (int) chance.between(5, 30) : 1_000),
          new Network.Temper(
              chance.in(0.5) ? 0 : 0.1 * chance.below(100) / 100,
              chance.in(0.5) ? 0 : 0.2 * chance.below(100) / 100,
              chance.in(0.5) ? 0 : 0.3),
          null);
    }

    /// With a mistake, and surroundings in which it is made often.
    static Settings of(long seed, Mutation mutation) {
      return new Settings(
          seed,
          3,
          3,
          new SimulatedLog.Temper(0.1, 1_000),
          new Network.Temper(0.01, 0.1, 0.8),
          mutation);
    }
  }

  /// What messages refer to by a number instead of carrying it.
  static final class Registry {
    private final Map<String, Object> entries = new HashMap<>();
    private int added;

    void put(String name, Object value) {
      entries.put(name, value);
    }

    String add(Object value) {
      String name = "a" + added++;
      entries.put(name, value);
      return name;
    }

    Object get(String name) {
      return Objects.requireNonNull(entries.get(name), name);
    }
  }

  private final Settings settings;
  private final Timeline timeline = new Timeline();
  private final Journal journal = new Journal(timeline);
  private final Truth truth = new Truth(timeline, journal);
  private final Registry registry = new Registry();
  private final Network network;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<SimulatedSwitch> switches = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();
  private final Clients clients;
  private final Chance chance;

  World(Settings settings) {
    this.settings = settings;
    this.chance = Chance.of(~settings.seed());
    this.network =
        new Network(
            timeline, chance.fork(), settings.network(), settings.nodes(), settings.switches());
    for (int i = 0; i < settings.nodes(); i++) {
      nodes.add(new SimulatedNode(this, i, chance.fork()));
      names.add(nodeName(i));
    }
    for (int i = 0; i < settings.switches(); i++) {
      switches.add(new SimulatedSwitch(this, i));
    }
    this.clients = new Clients(this, chance.fork(), 3);
  }

  /// Everything comes up.
  void start() {
    journal.note("%s", settings);
    nodes.forEach(node -> timeline.after(chance.millis(0, 500), node::start));
    if (chance.in(0.1)) {
      chance.pick(switches).remember((1L << 32) + chance.between(1, 40));
    }
    for (SimulatedSwitch each : switches) {
      nodes.forEach(node -> dial(each, node, chance.fork()));
      plug(each);
    }
    if (settings.mutation() == null) {
      clients.start((int) chance.between(1, 4), chance.between(50, 600));
    } else {
      clients.start(settings.mutation().name().startsWith("SWITCH") ? 6 : 15, 80);
    }
  }

  /// A switch tries again and again to reach each node, as its bridge's controllers say.
  private void dial(SimulatedSwitch from, SimulatedNode to, Chance luck) {
    timeline.after(
        luck.millis(300, 1_000),
        () -> {
          dial(from, to, luck);
          SimulatedNode.Running running = to.runningOrNull();
          if (running != null
              && from.isUp()
              && !network.isSwitchCut(to.index(), from.index())
              && from.linkTo(to.index()).isEmpty()) {
            SwitchLink link =
                new SwitchLink(this, from, to.index(), running.process(), luck.fork());
            from.connected(link);
            running.process().after(luck.micros(100, 2_000), () -> running.sessions().accept(link));
          }
        });
  }

  private void plug(SimulatedSwitch into) {
    timeline.after(
        chance.millis(200, 4_000),
        () -> {
          into.plug();
          plug(into);
        });
  }

  /// Lets time pass until the end or the first violation.
  ///
  /// @return false when there was one
  boolean runFor(long nanos) {
    long end = timeline.now() + nanos;
    while (timeline.step(end)) {
      if (journal.violation().isPresent()) {
        return false;
      }
    }
    return journal.violation().isEmpty();
  }

  boolean has(Mutation mutation) {
    return settings.mutation() == mutation;
  }

  Settings settings() {
    return settings;
  }

  Timeline timeline() {
    return timeline;
  }

  Journal journal() {
    return journal;
  }

  Truth truth() {
    return truth;
  }

  Registry registry() {
    return registry;
  }

  Network network() {
    return network;
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  SimulatedNode node(int index) {
    return nodes.get(index);
  }

  List<SimulatedSwitch> switches() {
    return switches;
  }

  Set<String> names() {
    return names;
  }

  Clients clients() {
    return clients;
  }

  Chance chance() {
    return chance;
  }

  /// The node whose store leads, or null.
  @Nullable SimulatedNode leader() {
    return nodes.stream()
        .filter(node -> node.running().filter(run -> run.store().status().leading()).isPresent())
        .findFirst()
        .orElse(null);
  }

  static String nodeName(int index) {
    return "n" + (index + 1);
  }

  static int nodeIndex(String name) {
    return Integer.parseInt(name.substring(1)) - 1;
  }
}

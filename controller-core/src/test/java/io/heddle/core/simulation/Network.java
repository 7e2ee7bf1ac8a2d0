package io.heddle.core.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What lies between nodes, and between nodes and switches: which ways are cut, and what becomes of
/// messages.
final class Network {

  /// How mean it is.
  ///
  /// @param lost the share of messages between nodes that never arrive
  /// @param late the share that takes up to a fifth of a second
  /// @param held the share of those sent into a cut that arrive when it heals
  record Temper(double lost, double late, double held) {}

  private final Timeline timeline;
  private final Chance chance;
  private final Temper temper;
  private final boolean[][] cut;
  private final boolean[][] cutFromSwitch;
  private final Map<Way, Deque<Parcel>> held = new HashMap<>();
  private boolean kind;

  private record Way(int from, int to) {}

  private record Parcel(NodeProcess target, Runnable arrival) {}

  Network(Timeline timeline, Chance chance, Temper temper, int nodes, int switches) {
    this.timeline = timeline;
    this.chance = chance;
    this.temper = temper;
    this.cut = new boolean[nodes][nodes];
    this.cutFromSwitch = new boolean[nodes][switches];
  }

  /// From here on, what is not cut arrives, and soon.
  void becomeKind() {
    kind = true;
  }

  void cut(int from, int to, boolean isCut) {
    cut[from][to] = isCut;
  }

  boolean isCut(int from, int to) {
    return cut[from][to];
  }

  /// Between the two groups nothing passes, in either direction or in one only.
  void part(List<Integer> some, boolean both) {
    for (int from = 0; from < cut.length; from++) {
      for (int to = 0; to < cut.length; to++) {
        boolean leaves = some.contains(from) && !some.contains(to);
        boolean enters = !some.contains(from) && some.contains(to);
        if (leaves || both && enters) {
          cut[from][to] = true;
        }
      }
    }
  }

  void cutSwitch(int node, int ofSwitch, boolean isCut) {
    cutFromSwitch[node][ofSwitch] = isCut;
  }

  boolean isSwitchCut(int node, int ofSwitch) {
    return cutFromSwitch[node][ofSwitch];
  }

  void healNodes() {
    for (boolean[] row : cut) {
      Arrays.fill(row, false);
    }
  }

  void healSwitches() {
    for (boolean[] row : cutFromSwitch) {
      Arrays.fill(row, false);
    }
  }

  /// Sends to a process, if it is there: a message to a later one of the same node is lost with the
  /// connection.
  void send(int from, int to, NodeProcess target, Runnable arrival) {
    Way way = new Way(from, to);
    if (held.containsKey(way)) {
      held.get(way).add(new Parcel(target, arrival));
    } else if (cut[from][to]) {
      if (chance.in(temper.held())) {
        hold(way, new Parcel(target, arrival));
      }
    } else if (kind || !chance.in(temper.lost())) {
      boolean late = !kind && chance.in(temper.late());
      timeline.after(
          late ? chance.millis(5, 200) : chance.micros(100, 1_000),
          () -> {
            if (!cut[from][to]) {
              target.after(0, arrival);
            }
          });
    }
  }

  /// What was sent into a cut waits in a connection that nobody has given up, and all behind it.
  private void hold(Way way, Parcel parcel) {
    held.put(way, new ArrayDeque<>(List.of(parcel)));
    release(way);
  }

  private void release(Way way) {
    timeline.after(
        chance.millis(50, 250),
        () -> {
          if (cut[way.from()][way.to()]) {
            release(way);
          } else {
            held.remove(way).forEach(parcel -> parcel.target().after(0, parcel.arrival()));
          }
        });
  }

  /// Both ways are open.
  List<Integer> reachedBothWays(int node) {
    List<Integer> reached = new ArrayList<>();
    for (int other = 0; other < cut.length; other++) {
      if (other != node && !cut[node][other] && !cut[other][node]) {
        reached.add(other);
      }
    }
    return reached;
  }
}

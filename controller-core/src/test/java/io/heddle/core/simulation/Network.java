package io.heddle.core.simulation;

import java.util.ArrayList;
import java.util.List;

/// What lies between nodes, and between nodes and switches: which ways are cut, and what becomes of
/// messages.
final class Network {

  /// How mean it is.
  ///
  /// @param lost the share of messages between nodes that never arrive
  /// @param late the share that takes up to a fifth of a second
  record Temper(double lost, double late) {}

  private final Timeline timeline;
  private final Chance chance;
  private final Temper temper;
  private final boolean[][] cut;
  private final boolean[][] cutFromSwitch;
  private boolean kind;

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
      java.util.Arrays.fill(row, false);
    }
  }

  void healSwitches() {
    for (boolean[] row : cutFromSwitch) {
      java.util.Arrays.fill(row, false);
    }
  }

  /// Sends to a process, if it is there: a message to a later one of the same node is lost with the
  /// connection.
  void send(int from, int to, NodeProcess target, Runnable arrival) {
    if (cut[from][to] || !kind && chance.in(temper.lost())) {
      return;
    }
    boolean late = !kind && chance.in(temper.late());
    timeline.after(
        late ? chance.millis(5, 200) : chance.micros(100, 1_000),
        () -> {
          if (!cut[from][to]) {
            target.after(0, arrival);
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

package io.heddle.core.flow;

import java.util.List;

/// What the switch is told to do with some packets in one table.
///
/// @param priority 0 to 65535; of two flows that match, the higher wins
public record Flow(int table, int priority, Match match, List<Action> actions) {

  public Flow {
    if (table < 0 || table > 254) {
      throw new IllegalArgumentException("table %d; OpenFlow has 0 to 254".formatted(table));
    }
    if (priority < 0 || priority > 0xffff) {
      throw new IllegalArgumentException(
          "priority %d; OpenFlow has 0 to 65535".formatted(priority));
    }
    actions = List.copyOf(actions);
  }

  /// What makes a flow replace another: the switch holds one flow for each.
  public record Key(int table, int priority, Match match) {}

  public Key key() {
    return new Key(table, priority, match);
  }

  @Override
  public String toString() {
    return FlowText.flow(this);
  }
}

package io.heddle.core.compile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one flow set changed in one revision. The same object goes to every subscriber, so that its
/// bytes are made once.
///
/// @param added flows to add; one may replace another of the same match
/// @param removed flows to delete by cookie: those that no added flow replaces
/// @param sentinel the set's mark from now on, or null when the set is empty
/// @param changes what to send for it, in order: adds before deletes, the sentinel with the last
///   add
public record SetDelta(
    long revision,
    FlowSet set,
    List<CompiledFlow> added,
    List<CompiledFlow> removed,
    @Nullable CompiledFlow sentinel,
    List<FlowChange> changes) {

  /// A bundle stops the switch's forwarding for about 2 µs a flow: this many cost about 4 ms.
  public static final int MAX_FLOWS_A_CHANGE = 2_000;

  public SetDelta {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    changes = List.copyOf(changes);
  }

  /// @param formerSentinel the mark until now, or null when the set was empty
  static SetDelta of(
      long revision,
      FlowSet set,
      List<CompiledFlow> added,
      List<CompiledFlow> removed,
      @Nullable CompiledFlow formerSentinel,
      @Nullable CompiledFlow sentinel) {
    List<CompiledFlow> adds = new ArrayList<>(added);
    List<Long> deletes = new ArrayList<>();
    removed.forEach(flow -> deletes.add(flow.cookie()));
    if (sentinel != null) {
      adds.add(sentinel);
    } else if (formerSentinel != null) {
      deletes.add(formerSentinel.cookie());
    }
    return new SetDelta(revision, set, added, removed, sentinel, cut(adds, deletes));
  }

  /// Cuts a large change into pieces that a switch can take without a noticeable pause.
  public static List<FlowChange> cut(List<CompiledFlow> adds, List<Long> deletes) {
    List<FlowChange> pieces = new ArrayList<>();
    if (adds.size() + deletes.size() <= MAX_FLOWS_A_CHANGE) {
      return List.of(new FlowChange(adds, deletes));
    }
    for (int from = 0; from < adds.size(); from += MAX_FLOWS_A_CHANGE) {
      int to = Math.min(adds.size(), from + MAX_FLOWS_A_CHANGE);
      pieces.add(new FlowChange(adds.subList(from, to), List.of()));
    }
    for (int from = 0; from < deletes.size(); from += MAX_FLOWS_A_CHANGE) {
      int to = Math.min(deletes.size(), from + MAX_FLOWS_A_CHANGE);
      pieces.add(new FlowChange(List.of(), deletes.subList(from, to)));
    }
    return pieces;
  }

  /// How many flow-mods it takes.
  public int size() {
    return changes.stream().mapToInt(FlowChange::size).sum();
  }
}

package io.heddle.core.compile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one flow set changed in one revision. The same object goes to every subscriber, so that its
/// bytes are made once.
///
/// @param added flows to add; one may replace another of the same match
/// @param removed flows to delete by cookie: those that no added flow replaces
/// @param sentinel the set's new mark, or null when the set is gone
public record SetDelta(
    long revision,
    FlowSet set,
    List<CompiledFlow> added,
    List<CompiledFlow> removed,
    @Nullable CompiledFlow sentinel) {

  public SetDelta {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }
}

package io.heddle.core.compile;

import java.util.List;

/// Flow-mods that are sent together: first the adds, then the deletes by exact cookie. An add over
/// a match that is there replaces it. The same object goes to every switch that needs it, so
/// whoever encodes it may keep the bytes by its identity.
public final class FlowChange {

  private final List<CompiledFlow> adds;
  private final List<Long> deletes;

  public FlowChange(List<CompiledFlow> adds, List<Long> deletes) {
    this.adds = List.copyOf(adds);
    this.deletes = List.copyOf(deletes);
  }

  public List<CompiledFlow> adds() {
    return adds;
  }

  /// Cookies.
  public List<Long> deletes() {
    return deletes;
  }

  public int size() {
    return adds.size() + deletes.size();
  }
}

package io.heddle.core.compile;

import io.heddle.core.flow.Flow;
import io.heddle.core.pipeline.Sentinels;
import io.heddle.core.pipeline.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flows of one set, the digest of them, and what has changed since the last revision.
final class SetContent {

  private final FlowSet set;
  private final Cookies cookies;
  private final UnitId owner;
  private final Map<Flow.Key, CompiledFlow> flows = new HashMap<>();
  private long digest;

  private final Map<Flow.Key, CompiledFlow> added = new LinkedHashMap<>();
  private final Map<Flow.Key, CompiledFlow> removed = new LinkedHashMap<>();
  private @Nullable CompiledFlow published;
  private @Nullable SetDelta whole;

  SetContent(FlowSet set, Cookies cookies, UnitId owner) {
    this.set = set;
    this.cookies = cookies;
    this.owner = owner;
  }

  @Nullable CompiledFlow find(Flow.Key key) {
    return flows.get(key);
  }

  List<Flow.Key> keys() {
    return List.copyOf(flows.keySet());
  }

  boolean isEmpty() {
    return flows.isEmpty();
  }

  /// Takes the place of a flow of the same match, if there is one.
  void put(CompiledFlow flow) {
    remove(flow.flow().key());
    Flow.Key key = flow.flow().key();
    CompiledFlow before = removed.get(key);
    if (before != null && before.cookie() == flow.cookie()) {
      removed.remove(key); // gone and back within one revision
    } else {
      added.put(key, flow);
    }
    flows.put(key, flow);
    digest += flow.cookie() & Cookies.HASH_MASK;
  }

  void remove(Flow.Key key) {
    CompiledFlow before = flows.remove(key);
    if (before == null) {
      return;
    }
    digest -= before.cookie() & Cookies.HASH_MASK;
    if (added.remove(key) == null) {
      removed.put(key, before);
    }
  }

  /// The set's mark: its cookie is the sum of the flows' keyed hashes, which nobody without the key
  /// can steer.
  @Nullable CompiledFlow sentinel() {
    if (flows.isEmpty()) {
      return null;
    }
    Flow mark =
        new Flow(Stage.SENTINEL.table(), 1, Sentinels.ofSet(cookies.nameHash(set)), List.of());
    return new CompiledFlow(mark, cookies.cookieOfMark(set, digest), set, owner);
  }

  /// What changed since the last call, or null for nothing.
  @Nullable SetDelta takeDelta(long revision) {
    if (added.isEmpty() && removed.isEmpty()) {
      return null;
    }
    removed.keySet().removeAll(added.keySet()); // an add over the same match replaces
    CompiledFlow now = sentinel();
    SetDelta delta =
        SetDelta.of(
            revision,
            set,
            new ArrayList<>(added.values()),
            new ArrayList<>(removed.values()),
            published,
            now);
    published = now;
    added.clear();
    removed.clear();
    whole = null;
    return delta;
  }

  /// All of the set as one delta: made once, however many hosts load it, until the set changes.
  SetDelta whole(long revision) {
    SetDelta known = whole;
    if (known == null) {
      known =
          SetDelta.of(revision, set, new ArrayList<>(flows.values()), List.of(), null, sentinel());
      whole = known;
    }
    return known;
  }
}

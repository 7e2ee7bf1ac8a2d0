package io.heddle.openflow.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The switches connected to this node, each by its newest connection. Any thread may call.
///
/// Who listens is told within the change, so that of one switch's coming and going the last word is
/// the true one; it must not come back in here to change anything.
final class Roster {

  private final SwitchEvents events;
  private final ConcurrentMap<Long, SwitchConnection> connections = new ConcurrentHashMap<>();

  /// The keys, changed before anybody is told of the change.
  private final Set<Long> present = ConcurrentHashMap.newKeySet();

  Roster(SwitchEvents events) {
    this.events = events;
  }

  /// A switch came; a former connection of it ends.
  void enter(SwitchConnection fresh) {
    List<SwitchConnection> formers = new ArrayList<>(1);
    SwitchConnection _ =
        connections.compute(
            fresh.datapathId(),
            (id, former) -> {
              if (former == null) {
                present.add(id);
                events.attached(id);
              } else {
                formers.add(former);
              }
              return fresh;
            });
    formers.forEach(former -> former.close("the switch came back by a newer connection"));
  }

  /// A connection ended.
  void leave(SwitchConnection ended) {
    SwitchConnection _ =
        connections.computeIfPresent(
            ended.datapathId(),
            (id, newest) -> {
              if (!newest.equals(ended)) {
                return newest;
              }
              present.remove(id);
              events.detached(id);
              return null;
            });
  }

  @Nullable SwitchConnection find(long datapathId) {
    return connections.get(datapathId);
  }

  Collection<SwitchConnection> all() {
    return List.copyOf(connections.values());
  }

  Set<Long> datapaths() {
    return Set.copyOf(present);
  }
}

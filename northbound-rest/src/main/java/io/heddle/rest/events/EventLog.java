package io.heddle.rest.events;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Host;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Peering;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Resource;
import io.heddle.core.model.Row;
import io.heddle.core.store.Batch;
import io.heddle.core.store.Fact;
import io.heddle.rest.auth.Role;
import io.heddle.rest.events.RowEvent.Change;
import io.heddle.rest.resource.ResourceType;
import io.heddle.rest.spi.Controller;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Revisions of the history as events. A revision never changes, so what was made of it is kept for
/// the next follower, as long as there is room.
public final class EventLog {

  /// Events that are kept made: some 15 MB.
  private static final long KEPT = 50_000;

  /// Revisions read at once: a batch is a megabyte at most.
  private static final int PULLED = 4;

  private final Controller controller;

  /// The role that reads each kind; a kind that is not here is nobody's business.
  private final Map<Kind<?>, Role> told = new HashMap<>();

  private final Cache<Long, List<RowEvent>> made =
      Caffeine.newBuilder()
          .maximumWeight(KEPT)
          .weigher((Long revision, List<RowEvent> events) -> events.size() + 1)
          .build();

  /// @param types what is told of, besides bindings
  public EventLog(Controller controller, Collection<ResourceType<?>> types) {
    this.controller = controller;
    types.forEach(type -> told.put(type.kind(), type.toRead()));
    told.put(Binding.KIND, Role.OPERATOR);
  }

  /// What a revision changed, in order; nothing when no node holds it any more.
  Optional<List<RowEvent>> at(long revision) throws IOException, InterruptedException {
    List<RowEvent> known = made.getIfPresent(revision);
    if (known != null) {
      return Optional.of(known);
    }
    for (Batch batch : controller.history(revision, PULLED)) {
      List<RowEvent> events = events(batch);
      made.put(batch.revision(), events);
      if (batch.revision() == revision) {
        known = events;
      }
    }
    return Optional.ofNullable(known);
  }

  /// Whether all from a revision on can be told.
  public boolean holds(long revision) throws IOException, InterruptedException {
    return revision > controller.image().revision() || at(revision).isPresent();
  }

  /// The first revision, of one that is not held and those after it, that can be told.
  public long oldestAfter(long revision) throws IOException, InterruptedException {
    List<Batch> held = controller.history(revision, 1);
    return held.isEmpty() ? controller.image().revision() + 1 : held.getFirst().revision();
  }

  private List<RowEvent> events(Batch batch) {
    List<RowEvent> events = new ArrayList<>();
    Set<Key<?>> begun = new HashSet<>();
    for (Batch.Entry entry : batch.entries()) {
      RowEvent.Origin origin = new RowEvent.Origin(entry.author(), entry.request(), batch.at());
      for (Fact fact : entry.facts()) {
        Role toRead = told.get(fact.key().kind());
        if (toRead != null) {
          events.add(
              new RowEvent(
                  new Position(batch.revision(), events.size()),
                  change(fact, batch.at(), begun),
                  fact.key().kind().name(),
                  fact.key().toString(),
                  owner(fact),
                  parties(fact),
                  toRead,
                  origin));
        }
      }
    }
    return List.copyOf(events);
  }

  /// A resource is created in the batch that bears its time of creation, the first time that it
  /// stands there. A binding has no time: it is told of as updated.
  private static Change change(Fact fact, Instant at, Set<Key<?>> begun) {
    return switch (fact) {
      case Fact.Delete delete -> {
        begun.remove(delete.key());
        yield Change.DELETED;
      }
      case Fact.Put(Row row) ->
          row instanceof Resource resource
                  && resource.meta().createdAt().equals(at)
                  && begun.add(row.key())
              ? Change.CREATED
              : Change.UPDATED;
    };
  }

  /// Who takes part in what is gone is not in the log, but whose it was.
  private static List<ProjectId> parties(Fact fact) {
    if (fact instanceof Fact.Put(Peering peering)) {
      return peering.projects();
    }
    ProjectId owner = owner(fact);
    return owner == null ? List.of() : List.of(owner);
  }

  private static @Nullable ProjectId owner(Fact fact) {
    return switch (fact) {
      case Fact.Delete(Key<?> key, ProjectId owner) -> key.kind().equals(Host.KIND) ? null : owner;
      case Fact.Put(Host host) -> null;
      case Fact.Put(Resource resource) -> resource.meta().project();
      case Fact.Put put -> null;
    };
  }
}

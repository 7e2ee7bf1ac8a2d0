package io.heddle.core.simulation;

import com.fasterxml.jackson.core.type.TypeReference;
import io.heddle.core.cluster.CommandType;
import io.heddle.core.model.Meta;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import io.heddle.core.store.Rows;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What clients do: each key is a register, kept as the name of a project.
sealed interface Operation extends Command<String> {

  /// What a register holds that was never written.
  String NOTHING = "-";

  String key();

  /// Writes a value that nobody else writes.
  record Write(String key, String value) implements Operation {
    static final CommandType<String> TYPE =
        new CommandType<>("write", Write.class, new TypeReference<String>() {});

    @Override
    public Decision<String> decide(Draft draft) {
      put(draft, key, value);
      return draft.accept(value);
    }
  }

  /// Writes a value if the register holds another one, and is refused otherwise.
  record Swap(String key, String expected, String value) implements Operation {
    @Override
    public Decision<String> decide(Draft draft) {
      String held = held(draft, key);
      if (!held.equals(expected)) {
        return Decision.rejected(Problem.conflict("value", held, List.of()));
      }
      put(draft, key, value);
      return draft.accept(value);
    }
  }

  /// Changes nothing, and says what it found.
  record Read(String key) implements Operation {
    @Override
    public Decision<String> decide(Draft draft) {
      return draft.accept(held(draft, key));
    }
  }

  static String held(Rows rows, String key) {
    return rows.find(new ProjectId(key)).map(project -> project.meta().name()).orElse(NOTHING);
  }

  private static void put(Draft draft, String key, String value) {
    ProjectId id = new ProjectId(key);
    Optional<Project> standing = draft.find(id);
    Meta meta =
        standing.isPresent()
            ? standing.get().meta().updated(value, Map.of(), draft.revision(), draft.now())
            : draft.created(value, id, Map.of());
    draft.put(new Project(id, meta, Project.Quotas.DEFAULT));
  }
}

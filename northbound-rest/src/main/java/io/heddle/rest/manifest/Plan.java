package io.heddle.rest.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.rest.http.Json;
import java.util.List;
import java.util.Locale;

/// What applying a manifest comes to.
///
/// @param unchanged how many resources are as the manifest has them already
public record Plan(List<Change> changes, int unchanged) {

  public Plan {
    changes = List.copyOf(changes);
  }

  /// What becomes of one resource.
  public enum Action {
    CREATE,
    UPDATE,
    DELETE
  }

  /// One resource that does not stay as it is.
  ///
  /// @param fields those that get another value, where it is updated
  public record Change(Action action, String kind, String id, String name, List<String> fields) {
    public Change {
      fields = List.copyOf(fields);
    }
  }

  /// @param dry whether nothing was committed: what would be created has no id yet
  public ObjectNode json(boolean dry) {
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("changes");
    for (Change change : changes) {
      ObjectNode each =
          list.addObject()
              .put("action", change.action().name().toLowerCase(Locale.ROOT))
              .put("kind", change.kind())
              .put("name", change.name());
      if (!dry || change.action() != Action.CREATE) {
        each.put("id", change.id());
      }
      if (change.action() == Action.UPDATE) {
        change.fields().forEach(each.putArray("fields")::add);
      }
    }
    return json.put("unchanged", unchanged);
  }
}

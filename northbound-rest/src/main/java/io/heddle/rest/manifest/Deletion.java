package io.heddle.rest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Key;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Problem;
import io.heddle.rest.manifest.Manifest.Catalogued;
import io.heddle.rest.resource.Fields;
import java.util.Map;
import java.util.OptionalLong;

/// Something of a kind that the manifest speaks of, which is not in it.
record Deletion<R extends Resource>(Catalogued<R> kind, Key<R> key, Workbench bench)
    implements Step {

  @Override
  public Result attempt(boolean whole) {
    R row = bench.draft().find(key).orElse(null);
    if (row == null) {
      return new Result.Done();
    }
    return switch (bench.run(kind.type().deletion(row, OptionalLong.empty()))) {
      case Decision.Accepted<R>(R gone, var facts) -> {
        bench.adopt(facts);
        bench.touched(kind, key);
        yield new Result.Done();
      }
      case Decision.Rejected<R>(Problem problem) ->
          !whole && loosened(row) ? new Result.InPart() : new Result.NotYet(placed(row, problem));
    };
  }

  /// Two that name each other hold each other: has this one name nothing any more.
  private boolean loosened(R row) {
    ObjectNode shown = bench.shown(kind, row);
    ObjectNode patch = shown.objectNode();
    for (Map.Entry<String, JsonNode> field : shown.properties()) {
      if (!kind.isFixed(field.getKey()) && References.isIn(field.getKey(), field.getValue())) {
        patch.set(
            field.getKey(),
            field.getValue().isArray() ? patch.arrayNode() : NullNode.getInstance());
      }
    }
    if (patch.isEmpty()) {
      return false;
    }
    Command<R> command =
        kind.type().update(row, new Fields(patch, kind.key() + "."), OptionalLong.empty());
    if (bench.run(command) instanceof Decision.Accepted<R>(R changed, var facts)) {
      bench.adopt(facts);
      return !bench.isSame(kind, row, changed);
    }
    return false;
  }

  private Problem placed(R row, Problem problem) {
    return new Problem(
        problem.type(),
        "%s '%s' is not in the manifest and can't be deleted: %s"
            .formatted(key.kind(), row.meta().name(), problem.detail()),
        kind.key(),
        problem.conflicts());
  }
}

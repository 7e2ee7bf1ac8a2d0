package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.intent.Refused;
import io.heddle.core.model.Key;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.Map;

/// What every creation asks first.
final class Fresh {

  private Fresh() {}

  /// The id is not taken, and name and labels can be kept.
  static <R extends Resource> void check(
      Draft draft, Key<R> id, String name, Map<String, String> labels) {
    if (draft.find(id).isPresent()) {
      throw new Refused(
          Problem.conflict(
              "id",
              "there is a %s %s already; choose another id".formatted(id.kind(), id),
              List.of(id.kind() + " " + id)));
    }
    Checks.name(name);
    Checks.labels(labels);
  }
}

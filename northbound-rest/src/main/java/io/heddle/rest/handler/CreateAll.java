package io.heddle.rest.handler;

import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import java.util.ArrayList;
import java.util.List;

/// All creations of one request, or none: each is decided on top of those before it.
///
/// @param listed whether the request was a list, so that problems name the item
record CreateAll<R extends Resource>(List<Command<R>> creations, boolean listed)
    implements Command<List<R>> {

  @Override
  public Decision<List<R>> decide(Draft draft) {
    List<R> created = new ArrayList<>(creations.size());
    for (int i = 0; i < creations.size(); i++) {
      switch (creations.get(i).decide(draft)) {
        case Decision.Accepted<R>(R row, var facts) -> created.add(row);
        case Decision.Rejected<R>(Problem problem) -> {
          return Decision.rejected(listed ? of(problem, i) : problem);
        }
      }
    }
    return draft.accept(created);
  }

  private static Problem of(Problem problem, int item) {
    String at = "items[%d]".formatted(item);
    String field = problem.field().isEmpty() ? at : at + "." + problem.field();
    return new Problem(problem.type(), problem.detail(), field, problem.conflicts());
  }
}

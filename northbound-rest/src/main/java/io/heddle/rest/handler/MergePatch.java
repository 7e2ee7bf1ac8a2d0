package io.heddle.rest.handler;

import io.heddle.core.model.Key;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.resource.Fields;
import io.heddle.rest.resource.ResourceType;
import java.util.OptionalLong;

/// A merge patch (RFC 7396), applied to the row as it is when this is decided, so that two patches
/// of different labels both stand.
record MergePatch<R extends Resource>(
    ResourceType<R> type, Key<R> key, Fields patch, OptionalLong ifMatch) implements Command<R> {

  @Override
  public Decision<R> decide(Draft draft) {
    R row = draft.find(key).orElse(null);
    if (row == null) {
      return Decision.rejected(
          Problem.notFound("", "there is no %s %s".formatted(key.kind(), key)));
    }
    try {
      return type.update(row, patch, ifMatch).decide(draft);
    } catch (Refusal refusal) {
      return Decision.rejected(
          Problem.invalid(refusal.problem().field(), refusal.problem().detail()));
    }
  }
}

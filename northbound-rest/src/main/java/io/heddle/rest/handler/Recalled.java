package io.heddle.rest.handler;

import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;
import io.heddle.core.store.Fact;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the log says that a request did.
///
/// @param facts those that it caused, in order
public record Recalled(long revision, List<Fact> facts) {

  public Recalled {
    facts = List.copyOf(facts);
  }

  /// The rows of a kind that the request put, each as it last put it.
  <R extends Row> List<R> put(Kind<R> kind) {
    Map<Key<?>, R> rows = new LinkedHashMap<>();
    for (Fact fact : facts) {
      if (fact instanceof Fact.Put(Row row) && kind.type().isInstance(row)) {
        rows.put(row.key(), kind.type().cast(row));
      }
    }
    return List.copyOf(rows.values());
  }
}

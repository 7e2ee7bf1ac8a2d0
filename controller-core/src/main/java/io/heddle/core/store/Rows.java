package io.heddle.core.store;

import io.heddle.core.model.Index;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;
import java.util.Collection;
import java.util.Optional;

/// Reading rows. What decides and what compiles reads through this, whatever stands behind it: an
/// image, an image with the facts of a batch on top, or a view that records what was read.
public interface Rows {

  <R extends Row> Optional<R> find(Key<R> key);

  /// The rows that stand under a value of an index, in no particular order.
  <R extends Row, V> Collection<R> findBy(Kind<R> kind, Index<R, V> index, V value);

  /// How many rows stand under a value; costs the same however many there are.
  <R extends Row, V> int countBy(Kind<R> kind, Index<R, V> index, V value);

  default <R extends Row, V> boolean anyBy(Kind<R> kind, Index<R, V> index, V value) {
    return countBy(kind, index, value) > 0;
  }

  /// A row that must be there, because another row that is there names it.
  default <R extends Row> R require(Key<R> key) {
    return find(key)
        .orElseThrow(() -> new IllegalStateException("no " + key.kind().name() + " row " + key));
  }
}

package io.heddle.core.compile;

import io.heddle.core.model.Index;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;
import io.heddle.core.store.Change;
import io.heddle.core.store.Rows;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rows as one unit sees them. Remembers what was read, present or absent, so that the unit
/// runs again when it changes.
public final class View implements Rows {

  /// One thing that a unit depends on.
  sealed interface Read {
    /// A row, or that there is none.
    record OfRow(Key<?> key) implements Read {}

    /// All rows under a value of an index, and what they say.
    record OfEntry(Index<?, ?> index, Object value) implements Read {}
  }

  private final Rows rows;
  private final Set<Read> reads = new HashSet<>();

  View(Rows rows) {
    this.rows = rows;
  }

  Set<Read> reads() {
    return reads;
  }

  /// Everything that somebody may have read and that a change makes stale.
  static Set<Read> readsTouchedBy(Change change) {
    Set<Read> touched = new HashSet<>();
    touched.add(new Read.OfRow(change.key()));
    for (Index<?, ?> index : change.key().kind().indexes()) {
      addEntries(touched, index, change.before());
      addEntries(touched, index, change.after());
    }
    return touched;
  }

  @SuppressWarnings("unchecked") // a kind's indexes are over the kind's rows
  private static <R extends Row> void addEntries(
      Set<Read> touched, Index<R, ?> index, @Nullable Row row) {
    if (row != null) {
      index.valuesOf().apply((R) row).forEach(value -> touched.add(new Read.OfEntry(index, value)));
    }
  }

  @Override
  public <R extends Row> Optional<R> find(Key<R> key) {
    reads.add(new Read.OfRow(key));
    return rows.find(key);
  }

  @Override
  public <R extends Row, V> Collection<R> findBy(Kind<R> kind, Index<R, V> index, V value) {
    reads.add(new Read.OfEntry(index, value));
    return rows.findBy(kind, index, value);
  }

  @Override
  public <R extends Row, V> int countBy(Kind<R> kind, Index<R, V> index, V value) {
    reads.add(new Read.OfEntry(index, value));
    return rows.countBy(kind, index, value);
  }
}

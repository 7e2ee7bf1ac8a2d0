package io.heddle.core.store;

import io.heddle.core.model.Index;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// All rows of one kind, by key and by each of the kind's indexes. Immutable; a change shares all
/// but the touched paths.
final class Table<R extends Row> {

  private final Kind<R> kind;
  private final HashMap<Key<?>, R> rows;
  private final HashMap<IndexEntry, Set<Key<?>>> entries;

  private record IndexEntry(Index<?, ?> index, Object value) {}

  private Table(Kind<R> kind, HashMap<Key<?>, R> rows, HashMap<IndexEntry, Set<Key<?>>> entries) {
    this.kind = kind;
    this.rows = rows;
    this.entries = entries;
  }

  static <R extends Row> Table<R> empty(Kind<R> kind) {
    return new Table<>(kind, HashMap.empty(), HashMap.empty());
  }

  @Nullable R find(Key<?> key) {
    return rows.getOrElse(key, null);
  }

  /// A copy: Vavr's own view counts the map's entries anew for each step of an iteration.
  Collection<R> all() {
    List<R> all = new ArrayList<>(rows.size());
    rows.valuesIterator().forEachRemaining(all::add);
    return all;
  }

  int size() {
    return rows.size();
  }

  Collection<R> findBy(Index<R, ?> index, Object value) {
    Set<Key<?>> keys = entries.getOrElse(new IndexEntry(index, value), HashSet.empty());
    List<R> found = new ArrayList<>(keys.size());
    for (Key<?> key : keys) {
      found.add(Objects.requireNonNull(find(key)));
    }
    return found;
  }

  int countBy(Index<R, ?> index, Object value) {
    return entries.getOrElse(new IndexEntry(index, value), HashSet.empty()).size();
  }

  Table<R> put(R row) {
    Table<R> without = delete(row.key());
    HashMap<IndexEntry, Set<Key<?>>> indexed = without.entries;
    for (Index<R, ?> index : kind.indexes()) {
      for (Object value : index.valuesOf().apply(row)) {
        IndexEntry entry = new IndexEntry(index, value);
        indexed = indexed.put(entry, indexed.getOrElse(entry, HashSet.empty()).add(row.key()));
      }
    }
    return new Table<>(kind, without.rows.put(row.key(), row), indexed);
  }

  Table<R> delete(Key<?> key) {
    R row = find(key);
    if (row == null) {
      return this;
    }
    HashMap<IndexEntry, Set<Key<?>>> indexed = entries;
    for (Index<R, ?> index : kind.indexes()) {
      for (Object value : index.valuesOf().apply(row)) {
        IndexEntry entry = new IndexEntry(index, value);
        Set<Key<?>> rest = indexed.getOrElse(entry, HashSet.empty()).remove(key);
        indexed = rest.isEmpty() ? indexed.remove(entry) : indexed.put(entry, rest);
      }
    }
    return new Table<>(kind, rows.remove(key), indexed);
  }
}

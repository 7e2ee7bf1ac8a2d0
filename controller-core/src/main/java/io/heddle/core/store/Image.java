package io.heddle.core.store;

import io.heddle.core.model.Index;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All rows at one revision. Immutable; applying facts shares everything they did not touch.
public final class Image implements Rows {

  public static final Image EMPTY = new Image(0, HashMap.empty());

  private final long revision;
  private final HashMap<Kind<?>, Table<?>> tables;

  private Image(long revision, HashMap<Kind<?>, Table<?>> tables) {
    this.revision = revision;
    this.tables = tables;
  }

  /// The image that these facts make of nothing: how a snapshot is read.
  static Image of(long revision, List<Fact> facts) {
    return new Image(revision, EMPTY.with(facts));
  }

  /// An image and what made it differ from the one before.
  public record Applied(Image image, Delta delta) {}

  public long revision() {
    return revision;
  }

  /// Puts and deletes, in order, and calls the result `newRevision`.
  public Applied apply(long newRevision, List<Fact> facts) {
    Image next = new Image(newRevision, with(facts));
    return new Applied(next, next.deltaFrom(this, facts));
  }

  /// The same revision with more facts on top: what the next command of a batch is decided against.
  Image extendedBy(List<Fact> facts) {
    return new Image(revision, with(facts));
  }

  private HashMap<Kind<?>, Table<?>> with(List<Fact> facts) {
    HashMap<Kind<?>, Table<?>> changed = tables;
    for (Fact fact : facts) {
      Kind<?> kind = fact.key().kind();
      Table<?> table = changed.getOrElse(kind, Table.empty(kind));
      changed =
          changed.put(
              kind,
              switch (fact) {
                case Fact.Put(Row row) -> put(table, row);
                case Fact.Delete(Key<?> key, var _) -> table.delete(key);
              });
    }
    return changed;
  }

  @SuppressWarnings("unchecked") // a row's key has the kind of the table it is kept in
  private static <R extends Row> Table<R> put(Table<R> table, Row row) {
    return table.put((R) row);
  }

  private Delta deltaFrom(Image before, List<Fact> facts) {
    Map<Key<?>, Change> changes = new LinkedHashMap<>();
    for (Fact fact : facts) {
      Key<?> key = fact.key();
      Change change = new Change(key, before.row(key), row(key));
      if (!Objects.equals(change.before(), change.after())) {
        changes.put(key, change);
      }
    }
    return new Delta(revision, new ArrayList<>(changes.values()));
  }

  /// What makes this image of another: how a snapshot is presented to what follows the image.
  public Delta since(Image before) {
    List<Change> changes = new ArrayList<>();
    for (Table<?> table : tables.values()) {
      for (Row row : table.all()) {
        Row old = before.row(row.key());
        if (!row.equals(old)) {
          changes.add(new Change(row.key(), old, row));
        }
      }
    }
    for (Table<?> table : before.tables.values()) {
      for (Row old : table.all()) {
        if (row(old.key()) == null) {
          changes.add(new Change(old.key(), old, null));
        }
      }
    }
    return new Delta(revision, changes);
  }

  private @Nullable Row row(Key<?> key) {
    Table<?> table = tables.getOrElse(key.kind(), null);
    return table == null ? null : table.find(key);
  }

  /// This image as a delta from nothing: what a late follower hears first.
  public Delta asDelta() {
    return since(EMPTY);
  }

  /// Every row of a kind, in no particular order.
  public <R extends Row> Collection<R> all(Kind<R> kind) {
    return table(kind).all();
  }

  public int count(Kind<?> kind) {
    return table(kind).size();
  }

  @Override
  public <R extends Row> Optional<R> find(Key<R> key) {
    return Optional.ofNullable(table(key.kind()).find(key));
  }

  @Override
  public <R extends Row, V> Collection<R> findBy(Kind<R> kind, Index<R, V> index, V value) {
    return table(kind).findBy(index, Objects.requireNonNull(value));
  }

  @Override
  public <R extends Row, V> int countBy(Kind<R> kind, Index<R, V> index, V value) {
    return table(kind).countBy(index, Objects.requireNonNull(value));
  }

  @SuppressWarnings("unchecked") // tables are filed under their own kind
  private <R extends Row> Table<R> table(Kind<R> kind) {
    Table<?> table = tables.getOrElse(kind, null);
    return table == null ? Table.empty(kind) : (Table<R>) table;
  }
}

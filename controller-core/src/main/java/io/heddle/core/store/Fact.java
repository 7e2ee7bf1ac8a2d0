package io.heddle.core.store;

import io.heddle.core.model.Key;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Row;
import org.jspecify.annotations.Nullable;

/// The unit of replication: a row as it now is, or the key of one that is no more.
public sealed interface Fact {

  Key<?> key();

  record Put(Row row) implements Fact {
    @Override
    public Key<?> key() {
      return row.key();
    }
  }

  /// @param owner the project that the row belonged to: who reads of it later can't look it up any
  ///   more. Null for rows that belong to none
  record Delete(Key<?> key, @Nullable ProjectId owner) implements Fact {}

  static Fact put(Row row) {
    return new Put(row);
  }

  static Fact delete(Key<?> key) {
    return new Delete(key, null);
  }
}

package io.heddle.core.store;

import io.heddle.core.model.Key;
import io.heddle.core.model.Row;

/// The unit of replication: a row as it now is, or the key of one that is no more.
public sealed interface Fact {

  Key<?> key();

  record Put(Row row) implements Fact {
    @Override
    public Key<?> key() {
      return row.key();
    }
  }

  record Delete(Key<?> key) implements Fact {}

  static Fact put(Row row) {
    return new Put(row);
  }

  static Fact delete(Key<?> key) {
    return new Delete(key);
  }
}

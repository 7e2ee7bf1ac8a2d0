package io.heddle.core.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A history in memory.
class RememberedHistory implements History {

  private final List<Batch> batches = new CopyOnWriteArrayList<>();

  @Override
  public void append(Batch batch, byte[] entry, Image after) {
    batches.add(batch);
  }

  @Override
  public void sync() {}

  @Override
  public long last() {
    return batches.isEmpty() ? 0 : batches.getLast().revision();
  }

  @Override
  public List<Batch> read(long fromRevision, int limit) {
    return batches.stream().filter(batch -> batch.revision() >= fromRevision).limit(limit).toList();
  }

  @Override
  public void close() {}
}

package io.heddle.core.simulation;

import io.heddle.core.store.Batch;
import io.heddle.core.store.History;
import io.heddle.core.store.Image;
import java.util.List;
import java.util.TreeMap;

/// The history on a node's disk: what was appended since the last sync may be gone after a crash.
final class DiskHistory implements History {

  private final Truth truth;
  private final TreeMap<Long, Batch> batches = new TreeMap<>();
  private long synced;

  DiskHistory(Truth truth) {
    this.truth = truth;
  }

  @Override
  public void append(Batch batch, byte[] entry, Image after) {
    truth.applied(batch, after);
    if (batch.revision() > last()) {
      batches.put(batch.revision(), batch);
    }
  }

  @Override
  public void sync() {
    synced = last();
  }

  @Override
  public long last() {
    return batches.isEmpty() ? 0 : batches.lastKey();
  }

  @Override
  public List<Batch> read(long fromRevision, int limit) {
    return batches.tailMap(fromRevision, true).values().stream().limit(limit).toList();
  }

  void crash(Chance chance) {
    long kept = chance.between(synced, Math.max(synced, last()));
    batches.tailMap(kept, false).clear();
  }

  @Override
  public void close() {}
}

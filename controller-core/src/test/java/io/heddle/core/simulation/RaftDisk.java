package io.heddle.core.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a server of the log has on its disk, and what it only believes to have there: entries
/// behind `flushed` may be gone after a crash.
final class RaftDisk {

  /// @param data null for the entry with which a leader begins
  record Entry(long term, byte @Nullable [] data) {}

  private long term;
  private int vote = -1;
  private long snapshotIndex;
  private long snapshotTerm;
  private byte @Nullable [] snapshot;
  private final List<Entry> entries = new ArrayList<>();
  private long flushed;

  long term() {
    return term;
  }

  int vote() {
    return vote;
  }

  /// Synced at once.
  void vote(long inTerm, int candidate) {
    term = inTerm;
    vote = candidate;
  }

  long last() {
    return snapshotIndex + entries.size();
  }

  long lastTerm() {
    return termAt(last());
  }

  /// Of an entry that is there, or was the last of the snapshot.
  long termAt(long index) {
    return index == snapshotIndex ? snapshotTerm : entry(index).term();
  }

  Entry entry(long index) {
    return entries.get(Math.toIntExact(index - snapshotIndex - 1));
  }

  /// A copy: what is sent does not change any more.
  List<Entry> from(long index, int limit) {
    int start = Math.toIntExact(index - snapshotIndex - 1);
    return List.copyOf(entries.subList(start, Math.min(entries.size(), start + limit)));
  }

  long append(Entry entry) {
    entries.add(entry);
    return last();
  }

  /// Takes away an entry and all behind it.
  void truncate(long index) {
    entries.subList(Math.toIntExact(index - snapshotIndex - 1), entries.size()).clear();
    flushed = Math.min(flushed, index - 1);
  }

  long flushed() {
    return flushed;
  }

  /// Entries up to this one have been written, if they are still the same.
  void flush(long index, long entryTerm) {
    if (index > flushed && index <= last() && termAt(index) == entryTerm) {
      flushed = index;
    }
  }

  /// Whether this entry is still there and has been written.
  boolean holds(long index, long entryTerm) {
    return index <= snapshotIndex || index <= flushed && termAt(index) == entryTerm;
  }

  long snapshotIndex() {
    return snapshotIndex;
  }

  long snapshotTerm() {
    return snapshotTerm;
  }

  byte @Nullable [] snapshot() {
    return snapshot;
  }

  /// A snapshot that was taken here: the entries that it holds are forgotten.
  void compact(long index, byte[] bytes) {
    snapshotTerm = termAt(index);
    entries.subList(0, Math.toIntExact(index - snapshotIndex)).clear();
    snapshotIndex = index;
    snapshot = bytes;
    flushed = Math.max(flushed, index);
  }

  /// A snapshot of the leader's, in place of what it holds. What stands behind stays if the log
  /// goes on from there: it may have been acknowledged.
  void install(long index, long entryTerm, byte[] bytes) {
    if (index <= last() && termAt(index) == entryTerm) {
      compact(index, bytes);
      return;
    }
    entries.clear();
    snapshotIndex = index;
    snapshotTerm = entryTerm;
    snapshot = bytes;
    flushed = index;
  }

  /// The machine lost its power, or the process its life: some of what was not synced is gone.
  ///
  /// @param synced whether what counted as synced really was
  void crash(Chance chance, boolean synced) {
    long sure = synced ? flushed : snapshotIndex;
    long kept = chance.between(sure, last());
    if (kept < last()) {
      truncate(kept + 1);
    }
    flushed = last();
  }
}

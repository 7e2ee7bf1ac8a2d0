package io.heddle.core.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The one read of a switch that may be under way, and whether its answer will still be of use.
final class Reading {

  private boolean underWay;
  private boolean valid;
  private Slice slice = Slice.firstOf(0);
  private Disturbance disturbance = Disturbance.none();
  private final List<InstalledFlow> gathered = new ArrayList<>();

  boolean isUnderWay() {
    return underWay;
  }

  List<Step> begin(Step step) {
    underWay = true;
    valid = true;
    return List.of(step);
  }

  /// Reads all parts, beginning with this one or going on with it.
  List<Step> begin(Slice part) {
    if (part.isFirst()) {
      gathered.clear();
    }
    return begin(part, Disturbance.none());
  }

  /// Reads one part while changes go on.
  List<Step> begin(Slice part, Disturbance changes) {
    slice = part;
    disturbance = changes;
    return begin(new Step.ReadFlows(part));
  }

  /// An answer came.
  ///
  /// @return false if it is too old to be of use
  boolean answered() {
    underWay = false;
    return valid;
  }

  /// What is being read is of no use any more.
  void invalidate() {
    valid = false;
    gathered.clear();
  }

  /// The connection is gone: no answer comes.
  void reset() {
    underWay = false;
    invalidate();
  }

  Slice slice() {
    return slice;
  }

  /// The changes that were on their way while it was read.
  Disturbance disturbance() {
    return disturbance;
  }

  void gather(Collection<InstalledFlow> dump) {
    gathered.addAll(dump);
  }

  /// All parts read so far.
  List<InstalledFlow> gathered() {
    return gathered;
  }
}

package io.heddle.core.reconcile;

import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.FlowSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The sets that a switch holds once everything that waits for it is sent; of those that its host
/// does not need any more, until when they stay. The compiler retains them all, so that what the
/// switch holds is kept in step whether or not it is needed.
final class Holdings {

  private final Compiler compiler;
  private final SortedSet<FlowSet> held = new TreeSet<>();
  private final SortedMap<FlowSet, Instant> lingering = new TreeMap<>();

  Holdings(Compiler compiler) {
    this.compiler = compiler;
  }

  SortedSet<FlowSet> all() {
    return Collections.unmodifiableSortedSet(held);
  }

  boolean contains(FlowSet set) {
    return held.contains(set);
  }

  /// The host needs the set.
  ///
  /// @return true if the switch does not have it yet
  boolean need(FlowSet set) {
    lingering.remove(set);
    return hold(set);
  }

  /// The switch has the set, and its host may do without it from some time on.
  void linger(FlowSet set, Instant until) {
    hold(set);
    lingering.putIfAbsent(set, until);
  }

  private boolean hold(FlowSet set) {
    boolean fresh = held.add(set);
    if (fresh) {
      compiler.retain(set);
    }
    return fresh;
  }

  /// The sets that may go by now.
  List<FlowSet> expired(Instant now) {
    List<FlowSet> expired = new ArrayList<>();
    lingering.forEach((set, until) -> {
      if (!until.isAfter(now)) {
        expired.add(set);
      }
    });
    return expired;
  }

  void drop(FlowSet set) {
    lingering.remove(set);
    if (held.remove(set)) {
      compiler.release(set);
    }
  }

  /// The switch holds these, which its host needs, and nothing else.
  void replace(Collection<FlowSet> needed) {
    needed.forEach(this::need);
    List.copyOf(held).stream().filter(set -> !needed.contains(set)).forEach(this::drop);
  }

  /// Nothing is known of the switch any more.
  void forget() {
    List.copyOf(held).forEach(this::drop);
  }
}

package io.heddle.core.compile;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who holds what, counted: a pair stands as long as any unit says so. Reads both ways.
final class Subscriptions<A, B> {

  private final Map<A, Map<B, Integer>> forward = new HashMap<>();
  private final Map<B, Set<A>> backward = new HashMap<>();

  /// @return true if the pair is new
  boolean add(A holder, B held) {
    int count = forward.computeIfAbsent(holder, k -> new HashMap<>()).merge(held, 1, Integer::sum);
    if (count == 1) {
      backward.computeIfAbsent(held, k -> new HashSet<>()).add(holder);
    }
    return count == 1;
  }

  /// @return true if that was the last of the pair
  boolean remove(A holder, B held) {
    Map<B, Integer> counts = forward.getOrDefault(holder, Map.of());
    Integer rest = counts.computeIfPresent(held, (k, count) -> count == 1 ? null : count - 1);
    if (rest != null) {
      return false;
    }
    if (counts.isEmpty()) {
      forward.remove(holder);
    }
    Set<A> holders = backward.getOrDefault(held, new HashSet<>());
    holders.remove(holder);
    if (holders.isEmpty()) {
      backward.remove(held);
    }
    return true;
  }

  Set<B> heldBy(A holder) {
    return Collections.unmodifiableSet(forward.getOrDefault(holder, Map.of()).keySet());
  }

  Set<A> holdersOf(B held) {
    return Collections.unmodifiableSet(backward.getOrDefault(held, Set.of()));
  }

  Map<A, Set<B>> copy() {
    Map<A, Set<B>> copy = new HashMap<>();
    forward.forEach((holder, counts) -> copy.put(holder, Set.copyOf(counts.keySet())));
    return copy;
  }

  Set<A> holders() {
    return Collections.unmodifiableSet(forward.keySet());
  }
}

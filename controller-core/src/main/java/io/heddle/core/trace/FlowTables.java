package io.heddle.core.trace;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The flows of one switch, each with its owner: whatever the caller wants to be told with a flow
/// (a cookie, a row). Immutable.
///
/// Looks a packet up as Open vSwitch's classifier does, conjunctive matches included
/// (`ovs-fields(7)`, "Conjunctive Match Fields"): priorities from the top; at each, an ordinary
/// flow wins; else, where the clauses of a conjunction are all met, the packet is looked up again
/// with its `conj_id`, among the ordinary flows of the whole table.
///
/// Where Open vSwitch leaves the choice open, this takes one and says so: of several ordinary flows
/// of one priority the first that was given (the others are [Found#rivals]), of several
/// conjunctions the one with the lowest id.
public final class FlowTables<T> {

  /// A flow and what the caller calls its owner.
  public record Entry<T>(Flow flow, T owner) {}

  /// What a lookup gave.
  ///
  /// @param entry null: no flow matched
  /// @param clauses the flows that met a conjunction's clauses, where `entry` was found by it
  /// @param rivals what Open vSwitch could as well have chosen: a mistake in the flows
  public record Found<T>(@Nullable Entry<T> entry, List<Entry<T>> clauses, List<Entry<T>> rivals) {
    public Found {
      clauses = List.copyOf(clauses);
      rivals = List.copyOf(rivals);
    }

    Found<T> withRivals(Found<T> other) {
      List<Entry<T>> all = new ArrayList<>(rivals);
      if (other.entry() != null) {
        all.add(other.entry());
      }
      all.addAll(other.rivals());
      return new Found<>(entry, clauses, all);
    }
  }

  private final Map<Integer, List<Level<T>>> levels;

  /// The flows of one table and one priority.
  private record Level<T>(int priority, List<Entry<T>> ordinary, List<Entry<T>> clauses) {}

  private FlowTables(Map<Integer, List<Level<T>>> levels) {
    this.levels = levels;
  }

  /// @throws IllegalArgumentException when two flows have the same table, priority and match
  public static <T> FlowTables<T> of(Collection<Entry<T>> entries) {
    Set<Flow.Key> keys = new HashSet<>();
    Map<Integer, TreeMap<Integer, Level<T>>> sorted = new HashMap<>();
    for (Entry<T> entry : entries) {
      Flow flow = entry.flow();
      if (!keys.add(flow.key())) {
        throw new IllegalArgumentException("two flows for one match: " + flow);
      }
      Level<T> level =
          sorted
              .computeIfAbsent(flow.table(), _ -> new TreeMap<>())
              .computeIfAbsent(
                  -flow.priority(),
                  negated -> new Level<>(-negated, new ArrayList<>(), new ArrayList<>()));
      (isClause(flow) ? level.clauses() : level.ordinary()).add(entry);
    }
    Map<Integer, List<Level<T>>> levels = new HashMap<>();
    sorted.forEach((table, byPriority) -> levels.put(table, List.copyOf(byPriority.values())));
    return new FlowTables<>(levels);
  }

  /// Flows that nobody owns.
  public static FlowTables<String> plain(Collection<Flow> flows) {
    return of(flows.stream().map(flow -> new Entry<>(flow, "")).toList());
  }

  private static boolean isClause(Flow flow) {
    return !flow.actions().isEmpty() && flow.actions().get(0) instanceof Action.Conjunction;
  }

  public Found<T> lookup(int table, Packet packet) {
    for (Level<T> level : levels.getOrDefault(table, List.of())) {
      Found<T> ordinary = ordinary(level, packet, 0, Set.of());
      if (ordinary != null) {
        return ordinary;
      }
      Found<T> conjunctive = conjunctive(table, level, packet);
      if (conjunctive != null) {
        return conjunctive;
      }
    }
    return new Found<>(null, List.of(), List.of());
  }

  private static <T> @Nullable Found<T> ordinary(
      Level<T> level, Packet packet, long conjunction, Set<Match> hidden) {
    Entry<T> first = null;
    List<Entry<T>> rivals = List.of();
    for (Entry<T> entry : level.ordinary()) {
      Match match = entry.flow().match();
      if (packet.meets(match, conjunction) && !hidden.contains(match)) {
        if (first == null) {
          first = entry;
        } else {
          rivals = new ArrayList<>(rivals);
          rivals.add(entry);
        }
      }
    }
    return first == null ? null : new Found<>(first, List.of(), rivals);
  }

  private @Nullable Found<T> conjunctive(int table, Level<T> level, Packet packet) {
    if (level.clauses().isEmpty()) {
      return null;
    }
    TreeMap<Integer, Progress<T>> conjunctions = new TreeMap<>();
    for (Entry<T> entry : level.clauses()) {
      if (packet.meets(entry.flow().match(), 0)) {
        for (Action action : entry.flow().actions()) {
          if (action instanceof Action.Conjunction(int id, int clause, int clauses)) {
            conjunctions.computeIfAbsent(id, _ -> new Progress<>(clauses)).meet(clause, entry);
          }
        }
      }
    }
    return firstComplete(table, packet, conjunctions);
  }

  /// Open vSwitch tries one of the conjunctions that are met, and drops to the next priority when
  /// no flow has its id.
  private @Nullable Found<T> firstComplete(
      int table, Packet packet, SortedMap<Integer, Progress<T>> conjunctions) {
    Found<T> first = null;
    for (Map.Entry<Integer, Progress<T>> conjunction : conjunctions.entrySet()) {
      if (!conjunction.getValue().isComplete()) {
        continue;
      }
      Found<T> found =
          withConjunction(table, packet, conjunction.getKey(), conjunction.getValue().entries());
      if (first == null) {
        first = found;
      } else if (found != null && !Objects.equals(found.entry(), first.entry())) {
        first = first.withRivals(found);
      }
    }
    return first;
  }

  /// Looks up again, with a `conj_id`, among ordinary flows only. Of flows with one match only the
  /// highest is seen.
  private @Nullable Found<T> withConjunction(
      int table, Packet packet, int id, List<Entry<T>> clauses) {
    Set<Match> hidden = new HashSet<>();
    for (Level<T> level : levels.getOrDefault(table, List.of())) {
      for (Entry<T> clause : level.clauses()) {
        hidden.add(clause.flow().match());
      }
      Found<T> found = ordinary(level, packet, Integer.toUnsignedLong(id), hidden);
      if (found != null) {
        return new Found<>(found.entry(), clauses, found.rivals());
      }
    }
    return null;
  }

  /// Which clauses of one conjunction a packet has met.
  private static final class Progress<T> {
    private final Map<Integer, Entry<T>> met = new TreeMap<>();
    private final int clauses;

    Progress(int clauses) {
      this.clauses = clauses;
    }

    void meet(int clause, Entry<T> entry) {
      met.putIfAbsent(clause, entry);
    }

    boolean isComplete() {
      return met.size() == clauses;
    }

    List<Entry<T>> entries() {
      return List.copyOf(met.values());
    }
  }
}

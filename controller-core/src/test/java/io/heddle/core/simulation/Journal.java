package io.heddle.core.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What happened in a run, as far as it is worth reading, and what should not have happened.
final class Journal {

  /// More than anybody reads; a run makes some thousands.
  private static final int KEPT = 4_000;

  private record Line(long millis, String format, Object[] values) {
    @Override
    public String toString() {
      return "%7d ms  %s".formatted(millis, format.formatted(values));
    }
  }

  private final Timeline timeline;
  private final Deque<Line> lines = new ArrayDeque<>();
  private final Map<Sight, Integer> sights = new EnumMap<>(Sight.class);
  private @Nullable String violation;
  private long digest;

  Journal(Timeline timeline) {
    this.timeline = timeline;
  }

  /// @param values must not change afterwards: they are written out only when a run fails
  void note(String format, Object... values) {
    long millis = timeline.elapsedMillis();
    digest = (digest * 31 + timeline.now()) * 31 + format.hashCode();
    lines.addLast(new Line(millis, format, values));
    if (lines.size() > KEPT) {
      lines.removeFirst();
    }
  }

  void saw(Sight sight) {
    sights.merge(sight, 1, Integer::sum);
  }

  /// How often each thing was seen.
  Map<Sight, Integer> sights() {
    return new EnumMap<>(sights);
  }

  /// Something that must never happen did. Only the first is kept: the rest follows from it.
  void violation(String format, Object... values) {
    note("VIOLATION " + format, values);
    if (violation == null) {
      violation = format.formatted(values);
    }
  }

  Optional<String> violation() {
    return Optional.ofNullable(violation);
  }

  /// Tells two runs apart.
  long digest() {
    return digest;
  }

  String text() {
    return lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
  }
}

package io.heddle.core.compile;

import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of all features, by what they run for.
final class Rules {

  private final Map<Kind<?>, List<FlowRule<?>>> bySubject = new HashMap<>();
  private final Map<String, FlowRule<?>> byName = new HashMap<>();

  Rules(Collection<Feature> features) {
    for (Feature feature : features) {
      for (FlowRule<?> rule : feature.rules()) {
        if (byName.put(rule.name(), rule) != null) {
          throw new IllegalArgumentException("two rules are called " + rule.name());
        }
        bySubject.computeIfAbsent(rule.subject(), k -> new ArrayList<>()).add(rule);
      }
    }
  }

  List<FlowRule<?>> about(Kind<?> kind) {
    return bySubject.getOrDefault(kind, List.of());
  }

  FlowRule<?> named(String name) {
    FlowRule<?> rule = byName.get(name);
    if (rule == null) {
      throw new IllegalStateException("no rule is called " + name);
    }
    return rule;
  }

  /// The sets that flows of the row go to, whichever rule makes them.
  Set<FlowSet> homes(@Nullable Row row) {
    if (row == null) {
      return Set.of();
    }
    Set<FlowSet> homes = new LinkedHashSet<>();
    about(row.key().kind()).forEach(rule -> homes.add(home(rule, row)));
    return homes;
  }

  @SuppressWarnings("unchecked") // rules are filed under the kind of their subject
  static <S extends Row> FlowSet home(FlowRule<S> rule, Row subject) {
    return rule.home((S) subject);
  }

  @SuppressWarnings("unchecked") // rules are filed under the kind of their subject
  static <S extends Row> void compile(FlowRule<S> rule, Row subject, View view, FlowSink sink) {
    rule.compile((S) subject, view, sink);
  }
}

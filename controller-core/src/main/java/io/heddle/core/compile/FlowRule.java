package io.heddle.core.compile;

import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;

/// What one subject means in flows. Named for what it makes happen.
///
/// A rule is a pure function of the subject and of what it reads through the view: no clock, no
/// state, no allocation of numbers.
public interface FlowRule<S extends Row> {

  /// Unique among all rules; operators see it in explanations.
  default String name() {
    return getClass().getSimpleName();
  }

  /// The rows that it runs for, each on its own.
  Kind<S> subject();

  void compile(S subject, View view, FlowSink flows);
}

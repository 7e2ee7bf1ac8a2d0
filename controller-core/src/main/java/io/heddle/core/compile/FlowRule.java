package io.heddle.core.compile;

import io.heddle.core.model.Kind;
import io.heddle.core.model.Row;

/// What one subject means in flows. Named for what it makes happen.
///
/// A rule is a pure function of the subject and of what it reads through the view: no clock, no
/// state, no allocation of numbers.
///
/// All flows of one subject go to one set, and which one is said before the rule is run, by the
/// subject alone. So a node runs only the units of the sets that its hosts need. A rule whose
/// subject matters to two sets is two rules. What a host needs (sets, meters) is said by units in
/// the host's own set, and by no others.
public interface FlowRule<S extends Row> {

  /// Unique among all rules; operators see it in explanations.
  default String name() {
    return getClass().getSimpleName();
  }

  /// The rows that it runs for, each on its own.
  Kind<S> subject();

  /// The set that all flows of the subject go to.
  FlowSet home(S subject);

  /// @param flows takes the flows, into the subject's home
  void compile(S subject, View view, FlowSink flows);
}

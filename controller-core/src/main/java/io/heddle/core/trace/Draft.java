package io.heddle.core.trace;

import io.heddle.core.flow.Action;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Trace.Hop] while it is being made.
record Draft<T>(int table, Packet packet, FlowTables.Found<T> found, List<StepDraft<T>> steps) {

  /// A [Trace.Step] while it is being made: what a `ct` comes to is known last.
  static final class StepDraft<T> {
    final Action action;
    String note = "";
    @Nullable Verdict<T> verdict;
    @Nullable Draft<T> next;

    StepDraft(Action action) {
      this.action = action;
    }
  }

  StepDraft<T> step(Action action) {
    StepDraft<T> step = new StepDraft<>(action);
    steps.add(step);
    return step;
  }

  /// The lookup that came last.
  Draft<T> last() {
    for (StepDraft<T> step : steps.reversed()) {
      if (step.next != null) {
        return step.next.last();
      }
    }
    return this;
  }

  Trace.Hop<T> hop() {
    List<Trace.Step<T>> done = new ArrayList<>();
    for (StepDraft<T> step : steps) {
      Trace.Hop<T> next = step.next == null ? null : step.next.hop();
      done.add(new Trace.Step<>(step.action, step.note, step.verdict, next));
    }
    return new Trace.Hop<>(table, packet, found, done);
  }
}

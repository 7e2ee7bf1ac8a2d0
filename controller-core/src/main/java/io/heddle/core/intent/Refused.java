package io.heddle.core.intent;

import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Problem;

/// Carries a problem out of the depth of a decision. Thrown and caught within [#deciding]; never
/// escapes a command.
public final class Refused extends RuntimeException {

  private final Problem problem;

  public Refused(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What a command does when nothing stands in its way.
  @FunctionalInterface
  public interface Steps<T> {
    T on(Draft draft);
  }

  /// Runs the steps; a refusal on the way becomes the decision.
  public static <T> Decision<T> deciding(Draft draft, Steps<T> steps) {
    try {
      return draft.accept(steps.on(draft));
    } catch (Refused refused) {
      return Decision.rejected(refused.problem);
    }
  }

  /// A command made of steps.
  public static <T> Command<T> command(Steps<T> steps) {
    return draft -> deciding(draft, steps);
  }
}

package io.heddle.vpc.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.store.Problem;

/// Looks at problems as a client does.
final class Refusals {

  private Refusals() {}

  static void assertInvalid(String field, String words, Problem problem) {
    assertProblem(Problem.Type.INVALID, field, words, problem);
  }

  static void assertProblem(Problem.Type type, String field, String words, Problem problem) {
    assertEquals(type, problem.type(), problem::toString);
    assertEquals(field, problem.field(), problem::toString);
    assertTrue(problem.detail().contains(words), problem::toString);
  }
}

package io.heddle.rest.http;

/// Carries a problem from wherever a request turns out to be one up to where it is answered.
public final class Refusal extends RuntimeException {

  private final HttpProblem problem;

  public Refusal(HttpProblem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public HttpProblem problem() {
    return problem;
  }
}

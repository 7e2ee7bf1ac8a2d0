package io.heddle.demo;

import java.util.ArrayList;
import java.util.List;

/// What was expected and what was seen, in the order of the tour.
final class Scorecard {
  private final List<Check> checks = new ArrayList<>();

  void add(Check check) {
    checks.add(check);
  }

  List<Check> checks() {
    return List.copyOf(checks);
  }

  List<Check> failures() {
    return checks.stream().filter(check -> !check.asExpected()).toList();
  }

  boolean asExpected() {
    return !checks.isEmpty() && failures().isEmpty();
  }
}

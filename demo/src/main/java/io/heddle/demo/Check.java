package io.heddle.demo;

/// One thing that was tried.
///
/// @param what for instance `ping web1 -> db1 (only tcp/5432 is admitted)`
record Check(String what, String expected, String seen, boolean asExpected) {

  static final String PASSES = "passes";
  static final String BLOCKED = "blocked";

  /// @param detail how it passed: a time, a rate; may be empty
  static Check of(String what, boolean shallPass, boolean passed, String detail) {
    String seen = passed ? PASSES : BLOCKED;
    return new Check(
        what,
        shallPass ? PASSES : BLOCKED,
        detail.isEmpty() ? seen : seen + ", " + detail,
        shallPass == passed);
  }
}

package io.heddle.cli;

/// What scripts can rely on.
final class ExitCode {
  static final int OK = 0;

  /// The controller refused, and said why.
  static final int REFUSED = 1;

  /// The command line makes no sense.
  static final int USAGE = 2;

  /// There was nobody to ask.
  static final int UNREACHABLE = 3;

  private ExitCode() {}
}

package io.heddle.cli;

/// Ends a command with a message for people and a code for scripts.
final class Failure extends RuntimeException {

  private final int exitCode;

  Failure(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  static Failure refused(String message) {
    return new Failure(ExitCode.REFUSED, message);
  }

  static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }

  int exitCode() {
    return exitCode;
  }
}

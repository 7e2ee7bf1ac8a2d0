package io.heddle.testkit.lab;

/// A program that exited with another code than zero, or did not exit in time. The message holds
/// all it said.
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailed(Command.Result result) {
    super(
        "exit %d: %s%n%s%s"
            .formatted(
                result.exit(), String.join(" ", result.arguments()), result.out(), result.err()));
  }

  CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }
}

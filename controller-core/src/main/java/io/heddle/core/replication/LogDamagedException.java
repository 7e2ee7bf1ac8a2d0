package io.heddle.core.replication;

import java.io.IOException;
import java.nio.file.Path;

/// A file of the log, a snapshot or the history that does not hold what was written to it:
/// acknowledged writes may be lost, so the node refuses to start on it. The message names the file,
/// the place and what to do.
public final class LogDamagedException extends IOException {

  private final Path file;

  LogDamagedException(Path file, String what, String remedy) {
    super("%s: %s; %s".formatted(file, what, remedy));
    this.file = file;
  }

  LogDamagedException(Path file, String what, String remedy, Throwable cause) {
    this(file, what, remedy);
    initCause(cause);
  }

  public Path file() {
    return file;
  }
}

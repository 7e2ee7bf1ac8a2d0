package io.heddle.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that runs beside the test (a ping, a server, a capture) with its output in a file.
public final class Background implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Process process;
  private final Path log;

  private Background(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Background start(List<String> arguments, Path log) {
    try {
      Process process =
          new ProcessBuilder(arguments)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      return new Background(process, log);
    } catch (IOException missing) {
      throw new CommandFailed("cannot start " + String.join(" ", arguments), missing);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean running() {
    return process.isAlive();
  }

  /// All that the program has printed so far.
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// Sends SIGINT, as Ctrl-C would, waits for the end and returns the whole output.
  public String interrupt() {
    if (process.isAlive()) {
      Command.of("kill", "-INT", Long.toString(process.pid())).run();
    }
    return waitForEnd(STOP_LIMIT);
  }

  /// Waits for the program to end by itself and returns the whole output.
  public String waitForEnd(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("process %d did not end: %s".formatted(pid(), output()));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a process ends", stop);
    }
    return output();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

package io.heddle.testkit.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One run of a program to its end, with its output. Programs that stay are a [Background].
public record Command(
    List<String> arguments, Map<String, String> environment, String input, Duration limit) {

  /// What the slowest command of a lab needs on a busy machine, several times over.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  public Command {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  public static Command of(String... arguments) {
    return new Command(List.of(arguments), Map.of(), "", LIMIT);
  }

  public static Command of(List<String> arguments) {
    return new Command(arguments, Map.of(), "", LIMIT);
  }

  /// The same, preceded by other words: `ip netns exec NAME` above all.
  public Command prefixed(List<String> prefix) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(arguments);
    return new Command(all, environment, input, limit);
  }

  public Command with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Command(arguments, all, input, limit);
  }

  public Command reading(String text) {
    return new Command(arguments, environment, text, limit);
  }

  public Command within(Duration other) {
    return new Command(arguments, environment, input, other);
  }

  /// What the program printed; throws [CommandFailed] unless it exits with 0.
  public String run() {
    Result result = attempt();
    if (result.exit() != 0) {
      throw new CommandFailed(result);
    }
    return result.out();
  }

  /// Runs the program and judges nothing but that it ends in time.
  public Result attempt() {
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException missing) {
      throw new CommandFailed("cannot start " + String.join(" ", arguments), missing);
    }
    try {
      FutureTask<String> out = reader(process.getInputStream());
      FutureTask<String> err = reader(process.getErrorStream());
      feed(process);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException("still running after " + limit.toMillis() + " ms");
      }
      return new Result(
          arguments,
          process.exitValue(),
          out.get(limit.toMillis(), TimeUnit.MILLISECONDS),
          err.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted: " + String.join(" ", arguments), stop);
    } catch (TimeoutException | ExecutionException | IOException failure) {
      throw new CommandFailed("no result: " + String.join(" ", arguments), failure);
    } finally {
      process.destroyForcibly();
    }
  }

  private void feed(Process process) throws IOException {
    try (var stdin = process.getOutputStream()) {
      if (!input.isEmpty()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static FutureTask<String> reader(InputStream stream) {
    FutureTask<String> task =
        new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    Thread.ofVirtual().start(task);
    return task;
  }

  /// How a program ended and what it printed.
  public record Result(List<String> arguments, int exit, String out, String err) {}
}

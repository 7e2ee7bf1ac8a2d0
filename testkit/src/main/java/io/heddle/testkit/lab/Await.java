package io.heddle.testkit.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The one place where a test waits: asks again every few milliseconds until the answer is yes or
/// time is up.
///
/// A question that throws counts as "not yet"; its last failure becomes the cause of the timeout.
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Await() {}

  /// Returns as soon as the condition holds; an [AssertionError] names it after the limit.
  public static void until(Duration limit, String what, Callable<Boolean> condition) {
    Object _ =
        value(limit, what, () -> condition.call() ? Optional.of(Boolean.TRUE) : Optional.empty());
  }

  /// Returns the first value that the question yields; an [AssertionError] names it after the
  /// limit.
  public static <T> T value(Duration limit, String what, Callable<Optional<T>> question) {
    long deadline = System.nanoTime() + limit.toNanos();
    @Nullable Exception last = null;
    while (true) {
      try {
        Optional<T> answer = question.call();
        if (answer.isPresent()) {
          return answer.get();
        }
        last = null;
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, stop);
      } catch (Exception notYet) {
        last = notYet;
      }
      if (System.nanoTime() >= deadline) {
        throw new AssertionError("waited " + limit.toMillis() + " ms in vain for " + what, last);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while waiting for " + what);
      }
    }
  }
}

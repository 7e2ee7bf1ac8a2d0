package io.heddle.core.store;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// The one thread that owns a store's state: everything that reads or changes it takes its turn
/// here, in the order it was handed over. A simulation stands in with a queue that it steps through
/// itself.
public interface Owner extends AutoCloseable {

  /// Takes a turn later; nothing happens when the owner is closed.
  void run(Runnable turn);

  void runAfter(Duration delay, Runnable turn);

  /// Takes a turn and waits for it.
  ///
  /// @throws IOException when the turn failed, or the owner is closed
  <T> T call(Callable<T> turn) throws IOException;

  @Override
  void close();

  static Owner thread(String name) {
    return new ThreadOwner(name);
  }

  /// A platform thread.
  final class ThreadOwner implements Owner {

    private final ExecutorService executor;

    private ThreadOwner(String name) {
      executor =
          Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon(true).factory());
    }

    @Override
    public void run(Runnable turn) {
      try {
        executor.execute(turn);
      } catch (RejectedExecutionException e) {
        // Closed: whoever closed it has settled what was waiting.
      }
    }

    @Override
    public void runAfter(Duration delay, Runnable turn) {
      CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, this::run)
          .execute(turn);
    }

    @Override
    public <T> T call(Callable<T> turn) throws IOException {
      try {
        return executor.submit(turn).get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the store", e);
      } catch (ExecutionException e) {
        throw new IOException(String.valueOf(e.getCause()), e.getCause());
      } catch (RejectedExecutionException e) {
        throw new IOException("the store is closed", e);
      }
    }

    @Override
    public void close() {
      executor.shutdown();
    }
  }
}

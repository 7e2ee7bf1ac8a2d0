package io.heddle.node.fabric;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that owns what this node knows of its switches. A task that throws is a bug of ours:
/// the node stops rather than goes on with half of it done.
final class FabricThread implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FabricThread.class);

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heddle-fabric").daemon(true).factory());
  private final Consumer<Throwable> stopNode;

  FabricThread(Consumer<Throwable> stopNode) {
    this.stopNode = stopNode;
  }

  void run(Runnable task) {
    try {
      executor.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("fabric task dropped: this node is stopping");
    }
  }

  void runAfter(Duration delay, Runnable task) {
    try {
      var _ = executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("fabric task dropped: this node is stopping");
    }
  }

  void every(Duration period, Runnable task) {
    var _ =
        executor.scheduleWithFixedDelay(
            () -> guarded(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("fabric failed", e);
      stopNode.accept(e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
